using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Products of vectors and matrices.</summary>
internal static class LinearVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.nn.functional.linear"], Linear);
        table.Add(["torch.matmul", "Tensor.matmul"], (a, b) => MatMul(b, a.RealSubject(b), b.ToReal(a.Tensor("target", b))));
        table.Add(["torch.mm", "Tensor.mm"], (a, b) => Ranked(a, b, "target", 2, 2));
        table.Add(["torch.bmm", "Tensor.bmm"], (a, b) => Ranked(a, b, "batch2", 3, 3));
        table.Add(["torch.mv", "Tensor.mv"], (a, b) => Ranked(a, b, "target", 2, 1));
        table.Add(["torch.dot"], (a, b) => Ranked(a, b, "other", 1, 1));
        table.Add(["Tensor.dot"], (a, b) => Ranked(a, b, "target", 1, 1));
        table.Add(["torch.outer", "Tensor.outer"], Outer);
        table.Add(["torch.addmm", "Tensor.addmm"], (a, b) => AddProduct(a, b, "mat1", "mat2"));
        table.Add(["torch.addmv"], (a, b) => AddProduct(a, b, "mat1", "mat2"));
        table.Add(["Tensor.addmv"], (a, b) => AddProduct(a, b, "mat", "vec"));
    }

    /// <summary>x W^T + b over the last dimension of x.</summary>
    private static Value Linear(CallArguments a, Builder b)
    {
        var weight = b.ToReal(a.Tensor("weights", b));
        if (weight.Shape.Rank != 2)
        {
            throw new ShapeException(weight.Shape.ToString(), "the weights of a linear map", "they must have two dimensions: outputs, inputs");
        }

        var product = MatMul(b, a.RealSubject(b), b.Transpose(weight, 0, 1));
        if (a.OptionalTensor("bias", b) is not { } bias)
        {
            return product;
        }

        return bias.Shape.Rank == 1 && bias.Shape[0].Equals(weight.Shape[0])
            ? b.Add(product, b.Expand(bias, product.Shape))
            : throw new ShapeException(bias.Shape, weight.Shape, "a bias has one element for each output");
    }

    /// <summary>The product as torch.matmul takes it: vectors and matrices, leading sizes broadcast.</summary>
    private static Value MatMul(Builder b, Value left, Value right)
    {
        if (left.Shape.Rank == 0 || right.Shape.Rank == 0)
        {
            throw new ShapeException(left.Shape, right.Shape, "a single number is no matrix or vector");
        }

        // A vector on the left is a row, one on the right a column; the added dimension goes again.
        var isRow = left.Shape.Rank == 1;
        var isColumn = right.Shape.Rank == 1;
        if (!(isRow ? left.Shape[0] : left.Shape[-1]).Equals(isColumn ? right.Shape[0] : right.Shape[-2]))
        {
            throw new ShapeException(left.Shape, right.Shape, "the inner sizes of a product must be equal");
        }

        var product = Matrices(
            b,
            isRow ? b.Reshape(left, Shape.Of(1, left.Shape[0])) : left,
            isColumn ? b.Reshape(right, Shape.Of(right.Shape[0], 1)) : right);
        var kept = product.Shape.Dims.Where((_, i) => !(isRow && i == product.Shape.Rank - 2) && !(isColumn && i == product.Shape.Rank - 1));
        return b.Reshape(product, new([.. kept]));
    }

    private static Value Matrices(Builder b, Value left, Value right)
    {
        if (right.Shape.Rank == 2 && left.Shape.Rank > 2)
        {
            // One product of many rows.
            Dim[] lead = [.. left.Shape.Dims.Take(left.Shape.Rank - 1)];
            var rows = b.Reshape(left, Shape.Of(lead.Aggregate(Dim.One, (n, d) => n * d), left.Shape[-1]));
            return b.Reshape(b.MatMul(rows, right), new([.. lead, right.Shape[-1]]));
        }

        var common = Broadcasting.Common(Lead(left), Lead(right)).Dims;
        return b.MatMul(b.Expand(left, new([.. common, left.Shape[-2], left.Shape[-1]])), b.Expand(right, new([.. common, right.Shape[-2], right.Shape[-1]])));

        static Shape Lead(Value x) => new([.. x.Shape.Dims.Take(x.Shape.Rank - 2)]);
    }

    private static Value Ranked(CallArguments a, Builder b, string name, int leftRank, int rightRank)
    {
        Value left = a.RealSubject(b), right = b.ToReal(a.Tensor(name, b));
        return left.Shape.Rank == leftRank && right.Shape.Rank == rightRank
            ? MatMul(b, left, right)
            : throw new ShapeException(left.Shape, right.Shape, $"this product takes tensors of {leftRank} and {rightRank} dimensions");
    }

    private static Value Outer(CallArguments a, Builder b)
    {
        Value left = a.RealSubject(b), right = b.ToReal(a.Tensor("vec2", b));
        return left.Shape.Rank == 1 && right.Shape.Rank == 1
            ? b.MatMul(b.Reshape(left, Shape.Of(left.Shape[0], 1)), b.Reshape(right, Shape.Of(1, right.Shape[0])))
            : throw new ShapeException(left.Shape, right.Shape, "an outer product takes two vectors");
    }

    /// <summary>beta x + alpha A B.</summary>
    private static Value AddProduct(CallArguments a, Builder b, string left, string right)
    {
        var product = b.Scale(MatMul(b, b.ToReal(a.Tensor(left, b)), b.ToReal(a.Tensor(right, b))), a.Number("alpha", 1));
        return b.Add(b.Expand(b.Scale(a.RealSubject(b), a.Number("beta", 1)), product.Shape), product);
    }
}
