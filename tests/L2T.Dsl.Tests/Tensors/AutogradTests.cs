using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Tensors;

/// <summary>Everything here that fails would end the process inside <c>torch.autograd.grad</c>.</summary>
public sealed class AutogradTests
{
    [Fact]
    public void A_call_that_does_not_keep_the_shape_is_named()
    {
        using var x = ones(2, 3);

        var fault = Assert.Throws<L2TException>(() => AutogradCall.Value(static a => a[0].sum(dim: 0), [x], "Some.Net:3"));

        // No generator has written where the call of a test stands.
        Assert.Contains("'a[0].sum(dim: 0)' in Some.Net has no derivative rule and gave a tensor of shape [3] for a first tensor of shape [2, 3]", fault.Message);
    }

    [Fact]
    public void Gives_first_and_second_derivatives()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0 }).requires_grad_();
        var y = tensor(new[] { 5.0, 7.0 }).requires_grad_();
        var value = (x.pow(3) * y).sum(dim: []);

        var first = Autograd.Gradients(value, [x, y], createGraph: true);
        var second = Autograd.Gradients(first[0].sum(dim: []), [x, y]);

        Assert.Equal([15, 84], first[0].data<double>().ToArray());
        Assert.Equal([1, 8], first[1].data<double>().ToArray());
        Assert.Equal([30, 84], second[0].data<double>().ToArray());
        Assert.Equal([3, 12], second[1].data<double>().ToArray());
    }

    [Fact]
    public void Gradients_are_contiguous_and_share_no_memory()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (ones(2, 3, float64).requires_grad_(), ones(2, 3, float64).requires_grad_());
        var seed = ones(2, 3, float64);

        var shared = Autograd.Gradients(x + y, [x, y], seed);
        shared[0].add_(1);

        Assert.True(Autograd.Gradients(x.sum(dim: []), [x])[0].is_contiguous());
        Assert.True(shared[1].eq(1).all().item<bool>() && seed.eq(1).all().item<bool>());
    }

    [Fact]
    public void Results_by_columns_come_by_rows()
    {
        using var scope = NewDisposeScope();
        var x = eye(3, dtype: float64);

        Assert.True(AutogradCall.Value(static a => a[0].t(), [arange(9, float64).view(3, 3)], "Some.Net:3").is_contiguous());
        Assert.True(AutogradCall.Vjp(static a => linalg.cholesky(a[0]), 0, [x], x, "Some.Net:3").is_contiguous());
    }

    [Fact]
    public void Second_derivatives_print_no_warning()
    {
        using var scope = NewDisposeScope();
        var (x, g, t) = (ones(3, float64), ones(3, float64), ones(3, float64));
        // Else libtorch says the same thing once in a process.
        ErrorStream.RepeatWarnings(true);
        try
        {
            Assert.Contains("reference cycle", ErrorStream.During(() => x.detach().requires_grad_().sin().sum(dim: []).backward(create_graph: true)));
            Assert.Empty(ErrorStream.During(() =>
            {
                AutogradCall.Jvp(static a => a[0].digamma(), 0, [x], t, "Some.Net:3");
                AutogradCall.Hvp(static a => a[0].digamma(), 0, 0, [x], g, t, "Some.Net:3");
            }));
        }
        finally
        {
            ErrorStream.RepeatWarnings(false);
        }
    }

    [Fact]
    public void Takes_tensors_inside_the_graph_and_a_gradient_of_the_output()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0 }).requires_grad_();
        var inside = x * 3;

        var gradient = Autograd.Gradients(inside.square(), [inside], tensor(new[] { 10.0, 100.0 }))[0];

        Assert.Equal([60, 1200], gradient.data<double>().ToArray());
    }

    [Fact]
    public void An_input_that_does_not_count_gets_zeros()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, float64).requires_grad_();
        var unused = ones(2, float64).requires_grad_();

        var gradients = Autograd.Gradients(x.sum(dim: []), [x, unused]);

        Assert.Equal([0, 0], gradients[1].data<double>().ToArray());
    }

    [Fact]
    public void Leaves_gradients_that_are_there_alone()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, float64).requires_grad_();
        x.grad = full(1, 42.0, float64);

        Autograd.Gradients(x * 2, [x]);

        Assert.Equal(42, x.grad!.item<double>());
    }

    [Fact]
    public void Works_under_no_grad_and_leaks_nothing()
    {
        var before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            var x = ones(1, float64).requires_grad_();
            var value = x * x * x;
            using (no_grad())
            {
                var first = Autograd.Gradients(value, [x], createGraph: true)[0];
                Assert.Equal(6, Autograd.Gradients(first, [x])[0].item<double>());
            }
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    public static TheoryData<string, Func<Tensor[]>> Faults()
    {
        return new TheoryData<string, Func<Tensor[]>>
        {
            { "depends on no tensor", () => Autograd.Gradients(ones(1), [Leaf()]) },
            { "Input 0 does not require", () => Autograd.Gradients(Leaf() * 2, [ones(1)]) },
            { "[3] needs an outputGradient", () => Autograd.Gradients(Leaf(3) * 2, [Leaf()]) },
            { "not [2]", () => Autograd.Gradients(Leaf(3) * 2, [Leaf()], ones(2)) },
            { "Float64", () => Autograd.Gradients(Leaf() * 2, [Leaf()], ones(1, float64)) },
            { "same tensor", Twice },
            { "second time", FreedGraph },
            { "inplace", Overwritten },
        };

        static Tensor Leaf(long size = 1) => ones(size, requires_grad: true);

        static Tensor[] Twice()
        {
            var x = Leaf();
            return Autograd.Gradients(x * 2, [x, x]);
        }

        static Tensor[] FreedGraph()
        {
            var x = Leaf();
            var value = x * x;
            Autograd.Gradients(value, [x]);
            return Autograd.Gradients(value, [x]);
        }

        static Tensor[] Overwritten()
        {
            var x = Leaf();
            var inside = x * 3;
            var value = inside * inside;
            using (no_grad())
                inside.add_(1);
            return Autograd.Gradients(value, [x]);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Faults_are_managed_exceptions(string message, Func<Tensor[]> action)
    {
        using var scope = NewDisposeScope();

        var fault = Assert.Throws<L2TException>(action);

        Assert.Contains(message, fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }
}
