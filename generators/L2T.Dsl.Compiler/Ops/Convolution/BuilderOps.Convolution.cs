using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <content>Convolutions; of zeros they are zeros.</content>
public static partial class BuilderOps
{
    /// <summary>The convolution of images with filters.</summary>
    public static Value Conv2d(this Builder b, Value x, Value w, Sliding sliding) => b.OrZeros(new Conv2dOp(sliding), x, w);

    /// <summary>What a convolution's gradient sends back to images of this shape.</summary>
    public static Value ConvInputGradient(this Builder b, Value g, Value w, Sliding sliding, Shape image) =>
        b.OrZeros(new ConvInputGradientOp(sliding, image[2], image[3]), g, w);

    /// <summary>What a convolution's gradient sends back to filters of this shape.</summary>
    public static Value ConvWeightGradient(this Builder b, Value x, Value g, Sliding sliding, Shape filters) =>
        b.OrZeros(new ConvWeightGradientOp(sliding, filters[2], filters[3]), x, g);

    private static Value OrZeros(this Builder b, Op op, Value left, Value right) => b.IsZero(left) || b.IsZero(right)
        ? b.Full(op.Infer([left.Type, right.Type])[0].Shape, 0)
        : b.Apply(op, left, right);
}
