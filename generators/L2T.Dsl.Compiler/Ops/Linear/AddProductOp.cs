using System.Globalization;
using System.Text.RegularExpressions;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// A sum that a product or a convolution is added to: c + left right, as libtorch's addmm. Written by the simplification
/// after all derivatives are taken, so that the sum of two products needs one buffer and no pass of its own.
/// </summary>
/// <param name="Product">The product: an op of two operands that can be added to a tensor.</param>
public sealed record AddProductOp(PrimitiveOp Product) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "add_" + Product.Name;

    /// <inheritdoc/>
    public override string Attributes => Product.Attributes;

    /// <inheritdoc/>
    public override CSharpForm CSharp => new(Behind(Product.CSharp.Fresh) + ".add_({0}, Products.One)")
    {
        InPlace = Behind(Product.CSharp.Accumulate!).Replace("{t}", "{0}"),
        Dims = Product.CSharp.Dims,
    };

    /// <summary>Those of the product: its sums begin at c instead of 0.</summary>
    public override Dim Flops(Equation equation) => Product.Flops(Bare(equation));

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        var product = Product.Infer([operands[1], operands[2]])[0];
        return product == operands[0] ? product : throw new ShapeException(operands[0].ToString(), product.ToString(), "a sum needs one shape");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [g, .. Product.Vjp(Bare(e), [g], b)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) =>
        b.AddOrNull(t[0], t[1] is null && t[2] is null ? null : Product.Jvp(Bare(e), [t[1], t[2]], b)[0]);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) =>
        operands[0].Zip(Product.Evaluate([operands[1], operands[2]], bindings)[0], (x, y) => x + y);

    /// <summary>A template of the product, whose operands stand behind c.</summary>
    private static string Behind(string template) =>
        Regex.Replace(template, @"\{(\d)(:T)?\}", hole => $"{{{int.Parse(hole.Groups[1].Value, CultureInfo.InvariantCulture) + 1}{hole.Groups[2].Value}}}");

    private Equation Bare(Equation e) => e with { Op = Product, Operands = [e.Operands[1], e.Operands[2]] };
}
