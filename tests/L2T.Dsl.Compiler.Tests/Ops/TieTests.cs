using L2T.Dsl.Compiler.Differentiation;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Ops;

/// <summary>Which derivative is taken where there is none: PyTorch's.</summary>
public sealed class TieTests
{
    public static TheoryData<Op, double, double> Kinks { get; } = new()
    {
        { new ReluOp(), 0, 0 },
        { new AbsOp(), 0, 0 },
        { new ClampOp(-1, 1), 1, 1 },
        { new ClampOp(-1, 1), -1, 1 },
        { new ClampOp(-1, 1), 1.1, 0 },
    };

    [Theory]
    [MemberData(nameof(Kinks))]
    public void Kink_of_a_function(Op op, double x, double expected) => Assert.Equal(expected, Gradient(b => b.Apply(op, b.Inputs[0].Value), [x])[0]);

    [Fact]
    public void Equal_numbers_share_the_derivative_of_their_maximum()
    {
        var b = new Builder();
        var (x, y) = (b.Input("x", InputRole.Data, TensorType.Real(3)), b.Input("y", InputRole.Data, TensorType.Real(3)));
        var results = Vjp.Write(b, [(b.Maximum(x, y), b.Full(x.Shape, 1))], [x, y]);
        var program = b.Build("vjp", [new("x", results[0]!), new("y", results[1]!)]);

        var gradients = Interpreter.Run(program, new Dictionary<string, NdArray> { ["x"] = new([3], [1, 2, 3]), ["y"] = new([3], [1, 3, 2]) }, Bindings.Empty);

        Assert.Equal([0.5, 0, 1], gradients["x"].Data);
        Assert.Equal([0.5, 1, 0], gradients["y"].Data);
    }

    [Fact]
    public void Equal_elements_share_the_derivative_of_amax() => Assert.Equal([0, 0.5, 0.5], Gradient(b => b.Amax(b.Inputs[0].Value, [0]), [1, 2, 2]));

    [Fact]
    public void Equal_elements_share_the_derivative_of_amin() => Assert.Equal([0.5, 0, 0.5], Gradient(b => b.Amin(b.Inputs[0].Value, [0]), [1, 2, 1]));

    [Fact]
    public void Element_taken_by_its_place_has_the_whole_derivative() => Assert.Equal(
        [0, 1, 0],
        Gradient(b => b.Gather(b.Inputs[0].Value, b.ArgMax(b.Inputs[0].Value, 0), 0), [1, 2, 2]));

    private static double[] Gradient(Func<Builder, Value> function, double[] at)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(at.Length));
        var y = function(b);
        var gradient = Vjp.Write(b, [(y, b.Full(y.Shape, 1))], [x])[0]!;
        return Interpreter.Run(b.Build("vjp", [new("x", gradient)]), new Dictionary<string, NdArray> { ["x"] = new([at.Length], at) }, Bindings.Empty)["x"].Data;
    }
}
