namespace L2T.Dsl.Generators.Tests.Incrementality;

/// <summary>Two experiments that share a block, a loss form, a metric and a teacher.</summary>
internal static class Sample
{
    /// <summary>Shared parts.</summary>
    public const string Parts = """
        [Block] public sealed partial class Layer(int inputs, int outputs)
        {
            [Parameter("outputs", "inputs", Init = Init.KaimingUniform)] public partial Tensor Weight { get; }
            public Tensor Forward([Shape("N", "inputs")] Tensor x) => functional.linear(x, Weight);
        }

        [LossForm] public sealed partial class Form(int classes)
        {
            [Coefficient("classes", Init = Init.Ones)] public partial Tensor Weight { get; }
            public Tensor Loss([Shape("N", "classes")] Tensor output, [Labels("N")] Tensor target) =>
                -(functional.log_softmax(output, 1) * functional.one_hot(target, classes).to(float32) * Weight).sum(dim: 1).mean();
        }

        [Metric] public sealed partial class Accuracy
        {
            public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) =>
                functional.softmax(output, 1).gather(1, target.unsqueeze(1)).mean();
        }

        [Teacher(typeof(Form))] public sealed partial class Guide
        {
            [StateFeature] private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
        }
        """;

    /// <summary>A student and its experiment.</summary>
    public static string Trial(string name) => $$"""
        [Student] public sealed partial class {{name}}Net
        {
            private readonly Layer _hidden = new(4, 8);
            private readonly Layer _output = new(8, 3);

            public Tensor Forward([Shape("N", 4)] Tensor x)
            {
                var h = _hidden.Forward(x);
                return _output.Forward(h.relu());
            }
        }

        [Experiment(typeof({{name}}Net), typeof(Guide), Metric = typeof(Accuracy), Baselines = [typeof(Form)])]
        public sealed partial class {{name}}Trial;
        """;
}
