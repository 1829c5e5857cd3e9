using L2T.Dsl.Reporting;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Training;

/// <summary>
/// A student after its training, in plain memory: to evaluate, to ask for answers (<see cref="LossTeacherExperiment.Predict"/>), to save, or
/// to put into an instance of its own class (<see cref="CopyTo"/>).
/// </summary>
/// <param name="Loss">The loss it was trained with.</param>
/// <param name="Seed">The seed of its start and of the order of its examples: the same for every loss.</param>
/// <param name="LearningRate">The learning rate it was trained with.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="DevError">Its error on the development examples: the share of wrong answers, or the mean squared error.</param>
/// <param name="Curve">How it got there, at every refresh of the development figures and at the end.</param>
/// <param name="Coefficients">The coefficients of its loss, at the same steps but the end; empty for a loss without any.</param>
public sealed record TrainedStudent(
    string Loss,
    int Seed,
    double LearningRate,
    ParameterSet Weights,
    double DevError,
    IReadOnlyList<TrainingPoint> Curve,
    IReadOnlyList<CoefficientSnapshot> Coefficients)
{
    /// <summary>Reads a student that <see cref="Save"/> wrote.</summary>
    /// <exception cref="L2TException">The file is missing, damaged, or no student.</exception>
    public static TrainedStudent Load(string path) => StudentFile.Read(path);

    /// <summary>
    /// Writes the student with how it was trained. The file appears whole or not at all: an earlier one of that name stays until the new one
    /// is on disk.
    /// </summary>
    /// <exception cref="L2TException">The file cannot be written.</exception>
    public void Save(string path) => StudentFile.Write(this, path);

    /// <summary>
    /// Gives an instance of the student's class these weights, so that its <c>Forward</c> runs as the plain C# that it is:
    /// <code>
    /// var net = new DigitsMlp();
    /// using var weights = student.CopyTo(net);
    /// using var logits = net.Forward(inputs);
    /// </code>
    /// </summary>
    /// <param name="module">The instance; it uses the tensors of the block that is returned.</param>
    /// <param name="dtype">Element type of the tensors: float32 or float64.</param>
    /// <param name="device">Where they are; null for the CPU.</param>
    /// <returns>A copy of the weights. It owns the tensors: dispose it when the instance is needed no longer.</returns>
    /// <exception cref="L2TException">The instance is of another class, or of other sizes.</exception>
    public TensorBlock CopyTo(ITensorModule module, ScalarType dtype = ScalarType.Float32, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        Libtorch.EnsureLoaded();
        var block = new TensorBlock(module.Layout, dtype, device ?? CPU);
        try
        {
            Weights.CopyTo(block);
            block.LendTo(module);
            return block;
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }
}
