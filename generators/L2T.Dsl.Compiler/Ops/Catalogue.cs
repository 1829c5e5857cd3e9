using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// Every op, each at work at least once: what the tests of rules, reference evaluation and C# forms run through, and
/// the check that rules write only ops that have rules.
/// </summary>
public static class Catalogue
{
    private static readonly TensorType Vector = TensorType.Real(5);
    private static readonly TensorType Matrix = TensorType.Real(4, 3);
    private static readonly TensorType Cube = TensorType.Real(2, 4, 3);
    private static readonly TensorType Mask = new(ElementType.Boolean, Matrix.Shape);

    /// <summary>The entries.</summary>
    public static IReadOnlyList<CatalogueEntry> Entries { get; } =
    [
        // Functions of one number.
        new(new ScaleOp(-1.5), [Matrix]),
        new(new ShiftOp(0.75), [Matrix]),
        new(new ExpOp(), [Matrix]),
        new(new LogOp(), [Matrix]) { Low = 0.3 },
        new(new Log1pOp(), [Matrix]) { Low = -0.6 },
        new(new PowOp(0.5), [Matrix]) { Low = 0.3 },
        new(new PowOp(-1), [Matrix]) { Low = 0.3 },
        new(new PowOp(-0.5), [Matrix]) { Low = 0.3 },
        new(new PowOp(2.5), [Matrix]) { Low = 0.3 },
        new(new TanhOp(), [Matrix]),
        new(new SigmoidOp(), [Matrix]),
        new(new SoftplusOp(), [Matrix]),
        new(new ErfOp(), [Matrix]),
        new(new SinOp(), [Matrix]),
        new(new CosOp(), [Matrix]),
        new(new AbsOp(), [Matrix]),
        new(new SignOp(), [Matrix]),
        new(new ReluOp(), [Matrix]),
        new(new StepOp(), [Matrix]),
        new(new ClampOp(-1, 1), [Matrix]),
        new(new ClampOp(double.NegativeInfinity, 1), [Matrix]),

        // Functions of two numbers.
        new(new AddOp(), [Matrix, Matrix]),
        new(new SubOp(), [Matrix, Matrix]),
        new(new MulOp(), [Matrix, Matrix]),
        new(new DivOp(), [Matrix, Matrix]) { Low = 0.3 },
        new(new MaximumOp(), [Matrix, Matrix]),
        new(new MinimumOp(), [Matrix, Matrix]),

        // Products.
        .. from left in new[] { false, true }
           from right in new[] { false, true }
           from batch in new Dim[][] { [], [2] }
           select new CatalogueEntry(
               new MatMulOp(left, right),
               [
                   TensorType.Real([.. batch, .. left ? new Dim[] { 4, 3 } : [3, 4]]),
                   TensorType.Real([.. batch, .. right ? new Dim[] { 2, 4 } : [4, 2]]),
               ]),

        new(new AddProductOp(new MatMulOp(false, true)), [TensorType.Real(4, 2), Matrix, TensorType.Real(2, 3)]),

        // Convolutions.
        new(new Conv2dOp(Sliding.Plain), [TensorType.Real(2, 2, 4, 3), TensorType.Real(2, 2, 2, 3)]),
        new(new AddProductOp(new Conv2dOp(Sliding.Plain)), [TensorType.Real(2, 2, 3, 1), TensorType.Real(2, 2, 4, 3), TensorType.Real(2, 2, 2, 3)]),
        new(new AddProductOp(new ConvInputGradientOp(Sliding.Plain, 4, 3)), [TensorType.Real(2, 2, 4, 3), TensorType.Real(2, 2, 3, 1), TensorType.Real(2, 2, 2, 3)]),
        new(new ConvInputGradientOp(Sliding.Plain, 4, 3), [TensorType.Real(2, 2, 3, 1), TensorType.Real(2, 2, 2, 3)]),
        new(new ConvWeightGradientOp(Sliding.Plain, 2, 3), [TensorType.Real(2, 2, 4, 3), TensorType.Real(2, 2, 3, 1)]),
        .. from sliding in new Sliding[] { new([2, 1], [1, 0], [1, 2], 2), new([2, 3], [0, 2], [1, 1], 1) }
           let image = TensorType.Real(1, 2, 6, 5)
           let filters = TensorType.Real(2, 2 / sliding.Groups, 2, 2)
           let result = sliding.Convolved(image, filters)
           from entry in new CatalogueEntry[]
           {
               new(new Conv2dOp(sliding), [image, filters]),
               new(new ConvInputGradientOp(sliding, 6, 5), [result, filters]),
               new(new ConvWeightGradientOp(sliding, 2, 2), [image, result]),
           }
           select entry with { Low = -4, High = 4 },

        new(new MaxPoolIndicesOp([2, 2], new([2, 2], [0, 0], [1, 1], 1)), [TensorType.Real(2, 2, 4, 5)]),
        new(new MaxPoolIndicesOp([3, 2], new([1, 2], [1, 1], [1, 2], 1)), [TensorType.Real(1, 2, 4, 5)]),

        // Comparisons and choices.
        new(new CompareOp(Comparison.Greater, ElementType.Boolean), [Matrix, Matrix]),
        new(new CompareOp(Comparison.Equal, ElementType.Boolean), [TensorType.Integer(4), TensorType.Integer(4)]),
        new(new CompareOp(Comparison.LessOrEqual, ElementType.Real), [Matrix, Matrix]),
        new(new CompareNumberOp(Comparison.Less, 0.5, ElementType.Boolean), [Matrix]),
        new(new CompareNumberOp(Comparison.NotEqual, 1, ElementType.Boolean), [TensorType.Integer(4)]),
        new(new CompareNumberOp(Comparison.GreaterOrEqual, 0.5, ElementType.Real), [Matrix]),
        new(new CastOp(ElementType.Real), [Mask]),
        new(new CastOp(ElementType.Real), [TensorType.Integer(4)]),
        new(new CastOp(ElementType.Integer), [Mask]),
        new(new NotOp(), [Mask]),
        new(new LogicalOp(Both: true), [Mask, Mask]),
        new(new LogicalOp(Both: false), [Mask, Mask]),
        new(new WhereOp(), [Mask, Matrix, Matrix]),

        // Reductions.
        new(new SumOp([0]), [Matrix]),
        new(new SumOp([0, 2]), [Cube]),
        new(new AmaxOp([1]), [Matrix]),
        new(new AmaxOp([0, 2]), [Cube]),
        new(new AminOp([1]), [Matrix]),
        new(new ArgMaxOp(1), [Matrix]),
        new(new LogSumExpOp(1), [Matrix]),
        new(new LogSoftmaxOp(1), [Matrix]),
        new(new LogSoftmaxOp(1), [Cube]),

        // Structure.
        new(new FullOp(Shape.Of(2, 3), 0.25), []),
        new(new EyeOp(3, 4), []),
        new(new ArangeOp(4), []),
        new(new DetachOp(), [Matrix]),
        new(new DropoutMaskOp(Matrix.Shape, 0.4, 2), []),
        new(new MultinomialOp(5, 2), [Matrix]) { Low = 0.1 },
        new(new ExpandOp(Shape.Of(4, 3)), [TensorType.Real(3)]),
        new(new ExpandOp(Shape.Of(2, 4, 3)), [TensorType.Real(4, 1)]),
        new(new ReshapeOp(Shape.Of(2, 6)), [Matrix]),
        new(new PermuteOp([1, 0]), [Matrix]),
        new(new PermuteOp([2, 0, 1]), [Cube]),
        new(new FlipOp([1]), [Matrix]),
        new(new FlipOp([0, 2]), [Cube]),
        new(new TriangleOp(IsUpper: true, 1), [Matrix]),
        new(new TriangleOp(IsUpper: false, 0), [Cube]),
        new(new NarrowOp(1, 1, 2), [Cube]),
        new(new AddAtOp(1, 1), [Cube, TensorType.Real(2, 2, 3)]),
        new(new PadOp([0, 2], [0, 1]), [Matrix]),
        new(new PadOp([1, 0, 2], [0, 0, 1]), [Cube]),
        new(new CatOp(0, 2), [Matrix, TensorType.Real(2, 3)]),
        new(new CatOp(1, 3), [Matrix, TensorType.Real(4, 1), Matrix]),

        // Elements named by integers.
        new(new IndexSelectOp(0), [Matrix, TensorType.Integer(5)]),
        new(new IndexSelectOp(1), [Cube, TensorType.Integer(2)]),
        new(new IndexAddOp(0, 3), [TensorType.Real(5, 2), TensorType.Integer(5)]),
        new(new GatherOp(1), [Matrix, TensorType.Integer(4, 2)]),
        new(new GatherOp(0), [Vector, TensorType.Integer(4)]),
        new(new ScatterAddOp(1, 3), [TensorType.Real(4, 5), TensorType.Integer(4, 5)]),
        new(new OneHotOp(3), [TensorType.Integer(4)]),
    ];
}
