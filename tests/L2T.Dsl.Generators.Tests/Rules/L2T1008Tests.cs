using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T1008Tests
{
    private const string Block = """
        [Block] public sealed partial class Layer(int size, double rate = 0.5, bool biased = true)
        {
            public Tensor Forward([Shape("N", "size")] Tensor x) => x * rate;
        }
        """;

    [Theory]
    [InlineData("private Layer {|L2T1008:_layer|} = new(4);")]
    [InlineData("private static readonly Layer {|L2T1008:_layer|} = new(4);")]
    [InlineData("private readonly Layer {|L2T1008:_layer|} = Make(); private static Layer Make() => new(4);")]
    [InlineData("private readonly Layer {|L2T1008:_layer|} = new(Size()); private static int Size() => 4;")]
    [InlineData("private readonly Layer {|L2T1008:_layer|} = new((int)(hidden * 0.5));")]
    [InlineData("private Layer {|L2T1008:Layer|} { get; } = new(4);")]
    public void Block_held_in_another_way(string member)
    {
        var messages = RuleAssert.Reports($$"""
            {{Block}}
            [Student] public sealed partial class Net(int hidden = 3)
            {
                {{member}}
                public Tensor Forward([Shape("N", 4)] Tensor x) => x * hidden;
            }
            """);

        Assert.EndsWith("holds the block 'Layer' and must be readonly and initialised with 'new' from constants and constructor parameters, an array of blocks with 'BlockArray.Of(count, () => new ...)'", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new(4)")]
    [InlineData("new Layer(4)")]
    [InlineData("new(rate: 0.25, size: 2 * hidden + 1)")]
    [InlineData("new(hidden / 2, rate / hidden, deep)")]
    [InlineData("new(-(-hidden), (double)hidden, !false)")]
    public void Block_made_from_constants_and_parameters(string value) => RuleAssert.Reports($$"""
        {{Block}}
        [Student] public sealed partial class Net(int hidden = 3, float rate = 0.5f, bool deep = false)
        {
            private readonly Layer _layer = {{value}};
            public Tensor Forward([Shape("N", 4)] Tensor x) => _layer.Forward(x);
        }
        """);
}
