namespace L2T.Dsl.Data;

/// <summary>
/// Draws the examples of each student that a teacher is taught with, so that what it learns suits tasks that it has not seen (the tasks of Finn et al.
/// 2017, "Model-Agnostic Meta-Learning", section 2.1). One of one's own is a record derived from this: its settings are in its text, by which a
/// teaching that goes on tells whether it has the same.
/// </summary>
public abstract record TaskDistribution
{
    /// <summary>Draws a task.</summary>
    /// <param name="seed">The seed of the task: the same seed, the same examples.</param>
    /// <returns>
    /// Training and development examples, as many and of the same shapes as those of the experiment's data. Who asks for them disposes them.
    /// </returns>
    public abstract (LabelledData Train, LabelledData Dev) Draw(ulong seed);
}
