using L2T.Dsl.Tensors;

namespace L2T.Dsl.Experiments.Reports;

/// <summary>The attention of a teacher over its memory slots, softmax(V s_t) (section 3.2 of the paper), recomputed from its parameters.</summary>
internal static class SlotAttention
{
    // The names of the generated layout.
    private const string Attention = "Attention";
    private const string Memory = "Memory.";

    /// <summary>The weights of the slots, which sum to 1; null for a teacher that has no slots, and for a state of another size.</summary>
    /// <param name="teacher">The teacher's parameters.</param>
    /// <param name="coefficients">The layout of the coefficients.</param>
    /// <param name="state">s_t [F].</param>
    public static double[]? Of(ParameterSet teacher, IReadOnlyList<TensorSlot> coefficients, IReadOnlyList<double> state)
    {
        var names = coefficients.Select(slot => Memory + slot.Name).Prepend(Attention);
        if (!names.SequenceEqual(teacher.Layout.Select(slot => slot.Name)) || teacher.Layout[0].Shape is not [var slots, var features] || features != state.Count)
            return null;
        var keys = teacher[Attention];
        var scores = new double[slots];
        for (var slot = 0; slot < slots; slot++)
        {
            for (var feature = 0; feature < features; feature++)
                scores[slot] += keys[(int)(slot * features + feature)] * state[feature];
        }
        var highest = scores.Max();
        for (var slot = 0; slot < slots; slot++)
            scores[slot] = Math.Exp(scores[slot] - highest);
        var sum = scores.Sum();
        for (var slot = 0; slot < slots; slot++)
            scores[slot] /= sum;
        return scores;
    }
}
