using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Support;

/// <summary>A value and the student's output it was computed from.</summary>
internal readonly record struct Judged(Tensor Value, Tensor Output);

/// <summary>
/// Softmax regression taught with the paper's bilinear loss by an attention teacher, written out by hand for autograd. The student is
/// W [C, D], b [C]; the coefficients are A [C, C], B [C]; the teacher is V [slots, F] and one row of coefficients per slot.
/// </summary>
internal static class EagerFunctions
{
    public const int Slots = 3;

    public static IReadOnlyList<TensorSlot> Student(int classes, int inputs) =>
    [
        new("Weight", [classes, inputs], Init.KaimingUniform, 1),
        new("Bias", [classes], Init.Normal, 0.1),
    ];

    public static IReadOnlyList<TensorSlot> Coefficients(int classes) =>
    [
        new("A", [classes, classes], Init.Identity, 1),
        new("B", [classes], Init.Constant, Math.Log(classes)),
    ];

    public static IReadOnlyList<TensorSlot> Teacher(int classes, int stateSize) =>
    [
        new("Attention", [Slots, stateSize], Init.Normal, 0.5),
        new("Memory.A", [Slots, classes * classes], Init.Identity, 1) { RowShape = [classes, classes], Noise = 0.1 },
        new("Memory.B", [Slots, classes], Init.Constant, Math.Log(classes)) { RowShape = [classes], Noise = 0.1 },
    ];

    public static Tensor Logits(IReadOnlyList<Tensor> w, Tensor x) => x.matmul(w[0].t()) + w[1];

    /// <summary>-mean sigma(y' A log p + b_y).</summary>
    public static Judged TaughtLoss(IReadOnlyList<Tensor> w, IReadOnlyList<Tensor> phi, Tensor x, Tensor y)
    {
        var logits = Logits(w, x);
        var z = logits.log_softmax(1).matmul(phi[0].t()) + phi[1];
        return new Judged(-z.gather(1, y.unsqueeze(1)).sigmoid().mean(), logits);
    }

    public static Judged CrossEntropy(IReadOnlyList<Tensor> w, IReadOnlyList<Tensor> phi, Tensor x, Tensor y)
    {
        var logits = Logits(w, x);
        return new Judged(-logits.log_softmax(1).gather(1, y.unsqueeze(1)).mean(), logits);
    }

    /// <summary>Mean probability of the true class.</summary>
    public static Judged Metric(IReadOnlyList<Tensor> w, IReadOnlyList<Tensor> phi, Tensor x, Tensor y)
    {
        var logits = Logits(w, x);
        return new Judged(logits.softmax(1).gather(1, y.unsqueeze(1)).mean(), logits);
    }

    /// <summary>Phi = softmax(V s) memory, flat.</summary>
    public static Tensor Teach(IReadOnlyList<Tensor> theta, Tensor state)
    {
        var attention = theta[0].matmul(state).softmax(0).unsqueeze(0);
        return cat([.. theta.Skip(1).Select(memory => attention.matmul(memory).flatten())]);
    }

    /// <summary>Parts of a flat tensor, by layout.</summary>
    public static Tensor[] Split(Tensor flat, IReadOnlyList<TensorSlot> layout)
    {
        var parts = new Tensor[layout.Count];
        var offset = 0L;
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = flat.narrow(0, offset, layout[i].Count).view(layout[i].Shape);
            offset += layout[i].Count;
        }
        return parts;
    }
}
