using L2T.Dsl.Losses;
using L2T.Dsl.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Experiments.Benchmarks.HyperStep;

/// <summary>
/// The step of gradient descent and its reverse for 784-H-10 under the bilinear loss, generated and through autograd, on
/// the same bodies, in one process with one allocator setting.
/// </summary>
internal static class HyperStepBenchmark
{
    private const double Rate = 0.01;

    private static readonly (int Batch, int Hidden)[] Cases = [(32, 64), (64, 500), (128, 256), (256, 1000)];

    /// <summary>Measures all cases.</summary>
    public static IEnumerable<StepTimes> Run(TimeSpan budget) => Cases.Select(c => Measure(c.Batch, c.Hidden, budget));

    private static StepTimes Measure(int batch, int hidden, TimeSpan budget)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var experiment = new HyperStepExperiment { Student = new Perceptron(hidden) };
        var x = rand(batch, 784);
        var y = randint(10, batch, dtype: ScalarType.Int64);

        using var seeds = new Generator(1);
        using var w = new TensorBlock(experiment.Parameters, ScalarType.Float32, CPU);
        w.Initialise(seeds);
        using var phi = new TensorBlock(experiment.Coefficients, ScalarType.Float32, CPU);
        phi.Initialise(seeds);
        using var adjoint = TensorBlock.LikeZeros(w);
        adjoint.Flat.normal_(0, 1e-3, generator: seeds);
        using var gradPhi = TensorBlock.LikeZeros(phi);
        var autograd = new AutogradSteps(experiment, w, phi, adjoint, hidden, (float)Rate);

        using var step = experiment.Step(w, phi, batch);
        using var reverse = experiment.Reverse(w, phi, adjoint, gradPhi, batch);
        void Reverse()
        {
            // As in a sweep: what the step kept comes back from the trajectory first.
            reverse.Kept.copy_(step.Kept);
            reverse.Run(x, y, -Rate);
        }

        // A number is worth something only where both sides compute the same: one step and its reverse, from one state.
        autograd.Step(x, y);
        autograd.Reverse(x, y);
        step.Run(x, y, -Rate);

        // Kept values belong to the parameters that a step starts from; seed 0 takes those of the new ones.
        step.Run(x, y, 0);
        Reverse();
        autograd.RequireSame(w, adjoint, gradPhi);

        var medians = Interleaved.Medians(
            budget,
            () => autograd.Step(x, y),
            () => step.Run(x, y, -Rate),
            () => autograd.Reverse(x, y),
            Reverse);

        var doubleBackwardPeak = ResidentMemory.Peak(() => autograd.Reverse(x, y));
        var reversePeak = ResidentMemory.Peak(() =>
        {
            using var kept = step.Kept.clone();
            using var fresh = experiment.Reverse(w, phi, adjoint, gradPhi, batch);
            fresh.Kept.copy_(kept);
            fresh.Run(x, y, -Rate);
        });
        return new($"{batch}x784-{hidden}-10", medians[0], medians[1], medians[2], medians[3], doubleBackwardPeak, reversePeak);
    }

#pragma warning disable RS0030 // the baseline is the bare call
    /// <summary>The same steps as a user of autograd writes them, on leaves of its own.</summary>
    private sealed class AutogradSteps
    {
        private readonly Perceptron _student;
        private readonly BilinearLoss _loss = new(10);
        private readonly Tensor[] _w;
        private readonly Tensor[] _phi;
        private readonly Tensor[] _adjoint;
        private readonly Tensor[] _gradPhi;
        private readonly Scalar _minusRate;

        public AutogradSteps(HyperStepExperiment experiment, TensorBlock w, TensorBlock phi, TensorBlock adjoint, int hidden, float rate)
        {
            _student = new(hidden);
            _minusRate = -rate;
            _w = [.. w.Tensors.Select(t => t.clone().requires_grad_(true))];
            _phi = [.. phi.Tensors.Select(t => t.clone().requires_grad_(true))];
            _adjoint = [.. adjoint.Tensors.Select(t => t.clone())];
            _gradPhi = [.. phi.Tensors.Select(t => zeros_like(t))];
            ((ITensorModule)_student).Bind(new TensorCursor(_w));
            ((ITensorModule)_loss).Bind(new TensorCursor(_phi));
        }

        /// <summary>Checks that the generated side arrived at the same numbers.</summary>
        /// <exception cref="InvalidOperationException">It did not.</exception>
        public void RequireSame(TensorBlock w, TensorBlock adjoint, TensorBlock gradPhi)
        {
            Require("w", _w, w);
            Require("the adjoint of w", _adjoint, adjoint);
            Require("the gradient of Phi", _gradPhi, gradPhi);

            static void Require(string name, Tensor[] expected, TensorBlock actual)
            {
                const double Tolerance = 1e-4;
                using var scope = NewDisposeScope();
                var flat = cat([.. expected.Select(t => t.detach().flatten())]);
                var error = ((flat - actual.Flat).norm() / flat.norm()).item<float>();
                if (!(error < Tolerance))
                {
                    throw new InvalidOperationException($"The generated step and autograd's disagree on {name} by {error:E1}.");
                }
            }
        }

        public void Step(Tensor x, Tensor y)
        {
            using var scope = NewDisposeScope();
            var gradients = autograd.grad([_loss.Loss(_student.Forward(x), y)], _w);
            using var off = no_grad();
            for (var i = 0; i < _w.Length; i++)
            {
                _w[i].add_(gradients[i], alpha: _minusRate);
            }
        }

        public void Reverse(Tensor x, Tensor y)
        {
            using var scope = NewDisposeScope();
            var gradients = autograd.grad([_loss.Loss(_student.Forward(x), y)], _w, create_graph: true, retain_graph: true);
            var product = gradients.Select((g, i) => (g * _adjoint[i]).sum(dim: [])).Aggregate((a, b) => a + b);
            var second = autograd.grad([product], [.. _w, .. _phi]);
            using var off = no_grad();
            for (var i = 0; i < _w.Length; i++)
            {
                _adjoint[i].add_(second[i], alpha: _minusRate);
            }

            for (var i = 0; i < _phi.Length; i++)
            {
                _gradPhi[i].add_(second[_w.Length + i], alpha: _minusRate);
            }
        }
    }
}
