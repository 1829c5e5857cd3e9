using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Optimizers;

/// <summary>Momentum in integers: the steps of momentum, undone to the bit within the entropy of what they lose.</summary>
public sealed class FixedPointMomentumTests
{
    // More than one run of numbers, the last one not full.
    private const int Weights = 17_000;
    private const double Rate = 0.01;

    [Theory]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    [InlineData(0.5, false)]
    [InlineData(0.999, false)]
    public void Two_thousand_steps_are_undone_to_the_bit(double momentum, bool isDouble)
    {
        const int Steps = 2_000;
        using var weights = Start(isDouble);
        using var optimizer = new FixedPointMomentum(weights, new SgdOptions { Momentum = momentum });
        using var gradient = new Drift(weights, optimizer.GradientTarget);
        optimizer.Remember(Steps);
        optimizer.BeginRecording();
        var (w, v) = (optimizer.IntegerWeights.ToArray(), optimizer.IntegerVelocity.ToArray());
        using var start = weights.Flat.clone();

        for (var step = 0; step < Steps; step++)
        {
            gradient.Time = step;
            optimizer.Step(gradient, gradient.Nothing, gradient.Nothing, step, Rate);
        }
        var bits = optimizer.StoredBits;
        Assert.True(weights.IsFinite());
        Assert.False(start.Equals(weights.Flat));
        for (var step = Steps - 1; step >= 0; step--)
        {
            gradient.Time = step;
            optimizer.Undo(gradient, gradient.Nothing, gradient.Nothing, Rate);
        }

        Assert.True(w.AsSpan().SequenceEqual(optimizer.IntegerWeights));
        Assert.True(v.AsSpan().SequenceEqual(optimizer.IntegerVelocity));
        Assert.True(start.Equals(weights.Flat));
        var entropy = Math.Log2(1 / momentum) * Weights * Steps;
        Assert.InRange(bits, 0.9 * entropy, 1.01 * entropy);
        Assert.InRange(bits / 8, 1, FixedPointMomentum.LostBitsBytes(Weights, Steps, optimizer.Momentum) + 2 * sizeof(ulong));
        Assert.InRange(8 * FixedPointMomentum.LostBitsBytes(Weights, Steps, optimizer.Momentum), entropy, 1.01 * entropy);
    }

    [Fact]
    public void Steps_are_those_of_momentum()
    {
        using var weights = Start(isDouble: true);
        using var reference = TensorBlock.LikeZeros(weights);
        reference.CopyFrom(weights);
        using var optimizer = new FixedPointMomentum(weights, new SgdOptions { Momentum = 0.9, WeightDecay = 0.01 }, gradientScale: 2);
        using var usual = new Momentum(reference, new SgdOptions { Momentum = 0.9, WeightDecay = 0.01 }, gradientScale: 2);
        using var gradient = new Drift(weights, optimizer.GradientTarget);
        using var usualGradient = new Drift(reference, usual.GradientTarget);
        usual.Reset();

        for (var step = 0; step < 100; step++)
        {
            gradient.Time = usualGradient.Time = step;
            optimizer.Step(gradient, gradient.Nothing, gradient.Nothing, step, Rate);
            usual.Step(usualGradient, gradient.Nothing, gradient.Nothing, step, Rate);
        }

        using var difference = (weights.Flat - reference.Flat).abs_();
        using var largest = difference.max();
        Assert.InRange(largest.item<double>(), 0, 1e-9);
    }

    [Theory]
    [InlineData(0.9, 9, 10)]
    [InlineData(0.875, 7, 8)]
    [InlineData(0.9999, 9999, 10000)]
    [InlineData(0.95, 19, 20)]
    public void The_momentum_is_the_simplest_fraction(double momentum, int numerator, int denominator)
    {
        using var weights = Start(isDouble: false);
        using var optimizer = new FixedPointMomentum(weights, new SgdOptions { Momentum = momentum });

        Assert.Equal(new Fraction(numerator, denominator), optimizer.Momentum);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1e-9)]
    public void A_momentum_that_cannot_be_undone_is_named(double momentum)
    {
        using var weights = Start(isDouble: false);

        Assert.Contains("omentum", Assert.Throws<L2TException>(() => new FixedPointMomentum(weights, new SgdOptions { Momentum = momentum })).Message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void A_gradient_out_of_range_makes_its_weight_no_number(float value)
    {
        using var weights = Start(isDouble: false);
        using var optimizer = new FixedPointMomentum(weights, new SgdOptions { Momentum = 0.9 });
        using var gradient = new Drift(weights, optimizer.GradientTarget) { First = value };

        optimizer.Step(gradient, gradient.Nothing, gradient.Nothing, 0, Rate);

        var numbers = weights.Flat.data<float>().ToArray();
        Assert.True(float.IsNaN(numbers[0]));
        Assert.DoesNotContain(float.NaN, numbers[1..]);
    }

    private static TensorBlock Start(bool isDouble)
    {
        var block = new TensorBlock([new TensorSlot("w", [Weights], Init.Normal, 0.3)], isDouble ? float64 : float32, CPU);
        using var generator = new Generator(7);
        block.Initialise(generator);
        return block;
    }

    /// <summary>A gradient that depends on the weights and on the time, and takes either sign.</summary>
    private sealed class Drift(TensorBlock w, TensorBlock into) : GradientKernel(w)
    {
        private readonly TensorBlock _w = w;

        public int Time { get; set; }

        public float? First { get; init; }

        public Tensor Nothing => Kept;

        public override Tensor Value => Kept;

        public override Tensor Output => Kept;

        public override Tensor Kept { get; } = empty(0).DetachFromDisposeScope();

        public override void Run(Tensor x, Tensor y, double seed)
        {
            using var scope = NewDisposeScope();
            into.Flat.add_((_w.Flat * 3 + Time).sin() + 0.1 * _w.Flat, seed);
            if (First is { } first)
                into.Flat[0] = first;
        }

        protected override void Dispose(bool disposing)
        {
            Kept.Dispose();
            base.Dispose(disposing);
        }
    }
}
