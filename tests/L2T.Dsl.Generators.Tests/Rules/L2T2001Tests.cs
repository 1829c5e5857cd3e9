using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T2001Tests
{
    /// <summary>A student with this body, a block and members of all kinds.</summary>
    private static string Student(string body, string members = "") => $$"""
        [Block] public sealed partial class Layer
        {
            [Parameter(4)] public partial Tensor Bias { get; }
            public Tensor Forward([Shape("N", 4)] Tensor x) => x + Bias;
            public Tensor Unmarked(Tensor x) => x;
        }

        [Student] public sealed partial class Net(int depth = 2, double rate = 0.5, bool deep = false)
        {
            [Parameter(4)] public partial Tensor Weight { get; }
            private readonly Layer _layer = new();
            private static readonly double Eps = 1e-7;
            private readonly double _margin = 0.1;
            private Tensor _kept = null!;
            {{members}}
            public Tensor Forward([Shape("N", 4)] Tensor x)
            {
                {{body}}
            }
        }
        """;

    [Theory]
    [InlineData("{|L2T2001:for|} (var i = 0; i < 4; i += 2) { x = -x; } return x;", "A loop of this form")]
    [InlineData("{|L2T2001:for|} (var i = 0; i != 4; i++) { x = -x; } return x;", "A loop of this form")]
    [InlineData("{|L2T2001:for|} (var i = 0; i < 4; i--) { x = -x; } return x;", "A loop of this form")]
    [InlineData("{|L2T2001:for|} (double d = 0; d < 1; d += 1) { x = -x; } return x;", "A loop of this form")]
    [InlineData("{|L2T2001:for|} (var i = 0; i < 4; i++) { x = -x; i = 4; } return x;", "A loop of this form")]
    [InlineData("{|L2T2001:foreach|} (var c in \"text\") { x = -x; } return x;", "A loop of this form")]
    [InlineData("var n = 4; for (var i = 0; i < {|L2T2001:n|}; i++) { n = 2; } return x;", "The bound 'n', which the loop changes,")]
    [InlineData("for (var i = 0; i < 4; i++) { if (deep) {|L2T2001:break|}; x = -x; } return x;", "'break'")]
    [InlineData("for (var i = 0; i < 4; i++) { {|L2T2001:return|} x; } return -x;", "A return inside a loop")]
    [InlineData("var a = new List<Tensor>(); var b = {|L2T2001:a|}; b.Add(x); return cat(a);", "A second name for the list 'a'")]
    [InlineData("{|L2T2001:while|} (deep) { } return x;", "A loop")]
    [InlineData("{|L2T2001:switch|} (depth) { case 1: return x; default: return -x; }", "A switch")]
    [InlineData("return depth {|L2T2001:switch|} { 1 => x, _ => -x };", "A switch")]
    [InlineData("if (depth < 1) {|L2T2001:throw new InvalidOperationException();|} return x;", "'throw'")]
    [InlineData("return deep ? x : {|L2T2001:throw new InvalidOperationException()|};", "'throw'")]
    [InlineData("{|L2T2001:try { return x; } finally { }|}", "'try { return x; } finally { }'")]
    [InlineData("Tensor f(Tensor t) => t; return {|L2T2001:f(x)|};", "The local function 'f'")]
    [InlineData("Func<Tensor, Tensor> f = {|L2T2001:t => t|}; return {|L2T2001:f(x)|};", "A lambda")]
    [InlineData("return {|L2T2001:x ?? Weight|};", "'x ?? Weight'")]
    [InlineData("return {|L2T2001:x?.abs()|}!;", "'x?.abs()'")]
    [InlineData("Tensor y; return {|L2T2001:y = x|};", "An assignment inside an expression")]
    [InlineData("var i = 1; {|L2T2001:i++|}; return x * i;", "'i++'")]
    [InlineData("{|L2T2001:_kept|} = x; return x;", "An assignment to '_kept'")]
    [InlineData("{|L2T2001:_kept|} += x; return x;", "An assignment to '_kept'")]
    [InlineData("{|L2T2001:depth|} = 3; return x;", "An assignment to 'depth'")]
    [InlineData("Console.{|L2T2001:WriteLine(x.ndim)|}; return x;", "'Console.WriteLine(x.ndim)', whose result is not used,")]
    [InlineData("x.{|L2T2001:relu()|}; return x;", "'x.relu()', whose result is not used,")]
    [InlineData("return x * {|L2T2001:Eps|};", "The static field 'Eps'")]
    [InlineData("return x * {|L2T2001:_margin|};", "The field '_margin'")]
    [InlineData("return x * {|L2T2001:_kept|};", "The tensor field '_kept'")]
    [InlineData("var layer = {|L2T2001:_layer|}; return layer.{|L2T2001:Forward(x)|};", "The block '_layer' as a value")]
    [InlineData("return _layer.{|L2T2001:Bias|} * x;", "'_layer.Bias'")]
    [InlineData("return _layer.{|L2T2001:Unmarked(x)|};", "'Unmarked' of the block 'Layer'")]
    [InlineData("return x.{|L2T2001:relu_()|};", "'relu_', which changes a tensor in place,")]
    [InlineData("return x * x.sum().{|L2T2001:item<float>()|};", "'x.sum().item<float>()', which reads numbers out of a tensor,")]
    [InlineData("return x * x.sum().{|L2T2001:ToDouble()|};", "'x.sum().ToDouble()', which reads numbers out of a tensor,")]
    [InlineData("return x * {|L2T2001:(float)x.sum()|};", "'(float)x.sum()', which reads numbers out of a tensor,")]
    [InlineData("using ({|L2T2001:no_grad()|}) { return x; }", "'using' of a")]
    [InlineData("using var scope = {|L2T2001:no_grad()|}; return x;", "'using' of a")]
    [InlineData("return x * {|L2T2001:(int)(rate * 3)|};", "Rounding 'rate * 3' to an integer")]
    [InlineData("return x * ({|L2T2001:depth << 1|});", "The operator of")]
    [InlineData("return x[{|L2T2001:^depth|}];", "The index '^depth'")]
    [InlineData("return x.reshape({|L2T2001:new long[2]|});", "An array of this form")]
    [InlineData("return cat({|L2T2001:new List<Tensor> { x, x }|});", "A new list of this form")]
    [InlineData("Tensor[] a = [x]; return cat([{|L2T2001:.. a|}, x]);", "A spread")]
    [InlineData("return {|L2T2001:x is { ndim: 2 }|} ? x : -x;", "A pattern")]
    [InlineData("return x * x.shape.{|L2T2001:Length|};", "'x.shape.Length'")]
    [InlineData("return GC.{|L2T2001:GetTotalMemory(false)|} * x;", "'GC.GetTotalMemory'")]
    [InlineData("var ({|L2T2001:(a, b)|}, c) = ((x, x), x); return a;", "Taking a value apart into '(a, b)'")]
    [InlineData("Tensor y = {|L2T2001:new[] { 1f, 2f }|}; return y;", "A conversion of")]
    [InlineData("return x * {|L2T2001:9007199254740993|};", "The constant '9007199254740993'")]
    [InlineData("return x * {|L2T2001:(double)(depth * 1m)|};", "A conversion to 'double'")]
    public void Construct_that_can_not_be_read(string body, string what)
    {
        var messages = RuleAssert.Reports(Student(body));

        Assert.Contains(what, messages[0], StringComparison.Ordinal);
        Assert.Contains("can't be differentiated here; ", messages[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tensor h; if (deep) h = x; return {|L2T2001:h|};")]
    [InlineData("Tensor h; if (deep) return x; else if (depth > 1) h = x; return {|L2T2001:h|};")]
    public void Local_without_value_on_some_path(string body)
    {
        var messages = RuleAssert.ReportsBeside("CS0165", Student(body));

        Assert.Contains("'h', which has no value on some path,", messages[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("for (var i = 0; i < 2; i++) { x = x[.., i..]; } return x;")]
    [InlineData("for (var i = 3; i > 1; i--) { x = x.narrow(1, 1, i); } return x;")]
    [InlineData("var h = x; for (var i = 1; i <= depth; ++i) { h = h + x; } return h;")]
    [InlineData("foreach (var t in x.split(1, 1)) { x = x * t; } return x;")]
    [InlineData("var all = new List<Tensor>(); for (long i = 0; i < depth; i += 1) { all.Add(x * Weight); } return stack(all).sum(0);")]
    public void Loop_that_can_be_read(string body) => RuleAssert.Reports(Student(body));

    [Theory]
    [InlineData("var n = x.shape[0]; for (var i = 0; i < n; i++) { x = {|L2T2001:x[i..]|}; } return x;", "The counter in this call")]
    [InlineData("var h = x; {|L2T2001:for|} (var i = 0; i < x.shape[0]; i++) { h = h.unsqueeze(0); } return h;", "'h', which this loop finds as real[N, 4] and leaves as real[1, N, 4],")]
    [InlineData("var h = x; {|L2T2001:for|} (var i = 0; i < x.shape[0]; i++) { h = cat([x, h]); } return h;", "'h', which grows along dimension 0 and is not what 'cat([h, ...], 0)' gives,")]
    [InlineData("var h = x; {|L2T2001:for|} (var i = 0; i < x.shape[0]; i++) { h = cat([h, h], 1); } return h;", "'h', which grows along dimension 1 and is not what 'cat([h, ...], 1)' gives,")]
    [InlineData("var n = 1; {|L2T2001:for|} (var i = 0; i < x.shape[0]; i++) { n = n + 1; } return x * n;", "'n', which this loop changes and which is no tensor,")]
    [InlineData("var a = new List<Tensor>(); for (var i = 0; i < x.shape[0]; i++) { a.Add(x); {|L2T2001:a.Add(x)|}; } return stack(a).sum(0);", "The list 'a', which this loop adds to more than once an iteration,")]
    [InlineData("var n = x.shape[0]; for (var i = 0; i < n; i++) { x = x * (1 + {|L2T2001:2 * i|}); } return x;", "The counter as a number")]
    public void Loop_of_a_number_of_times_known_only_at_run_time_whose_iterations_differ(string body, string what)
    {
        var message = Assert.Single(RuleAssert.CompilerReports($$"""
            [Student] public sealed partial class Net { public Tensor Forward([Shape("N", 4)] Tensor x) { {{body}} } }
            """));

        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains("this loop runs N times, which is not known at compile time", message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_of_tensors_that_differ_in_size()
    {
        var message = Assert.Single(RuleAssert.CompilerReports("""
            [Block] public sealed partial class Widening(int width)
            {
                [Parameter("width", 4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => functional.linear(x, Weight);
            }
            [Student] public sealed partial class Net(int depth)
            {
                private readonly Widening[] _layers = BlockArray.Of(depth, i => new Widening(i + 1));
                public Tensor Forward([Shape("N", 4)] Tensor x)
                {
                    var all = new List<Tensor>();
                    foreach (var layer in _layers) { {|L2T2001:all.Add(layer.Forward(x))|}; }
                    return all[0];
                }
            }
            """));

        Assert.Contains("The list 'all', whose tensors differ in size,", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Array_of_blocks_of_different_sizes_in_a_loss_form()
    {
        var message = Assert.Single(RuleAssert.CompilerReports("""
            [Block] public sealed partial class Widening(int width)
            {
                [Parameter("width", 4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => functional.linear(x, Weight).sum(1);
            }
            [LossForm] public sealed partial class Form
            {
                private readonly Widening[] {|L2T2001:_layers|} = BlockArray.Of(2, i => new Widening(i + 1));
                public Tensor Loss([Shape("N", 4)] Tensor logits, [Labels("N")] Tensor labels) => (_layers[0].Forward(logits) * _layers[1].Forward(logits)).mean();
            }
            """));

        Assert.Contains("'_layers.Weight' of a loss form, whose size depends on its place in an array,", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tensor h; if (deep) h = x; else h = -x; return h;")]
    [InlineData("Tensor h; if (deep) return x; else h = -x; return h;")]
    [InlineData("Tensor h; using (NewDisposeScope()) { h = x; } return h;")]
    public void Local_with_a_value_on_every_path(string body) => RuleAssert.Reports(Student(body));

    [Theory]
    [InlineData("return Loop(x);", "private Tensor Loop(Tensor t) => {|L2T2001:Loop(t)|};", "A recursive call of 'Loop'")]
    [InlineData("return A(x);", "private Tensor A(Tensor t) => {|L2T2001:B(t)|}; private Tensor B(Tensor t) => A(t);", "A recursive call of 'B'")]
    [InlineData("return {|L2T2001:Forward(x)|};", "", "A recursive call of 'Forward'")]
    [InlineData("return {|L2T2001:Twice<int>(x)|};", "private Tensor Twice<T>(Tensor t) => t + t;", "The generic method 'Twice'")]
    [InlineData("{|L2T2001:Split(x, out var y)|}; return {|L2T2001:y|};", "private void Split(Tensor t, out Tensor y) => y = t;", "'Split(x, out var y)', whose result is not used,")]
    [InlineData("return F(x) + {|L2T2001:F(x, 1)|};", "private Tensor F(Tensor t) => t; private Tensor F(Tensor t, int i) => t * i;", "An overload of 'F'")]
    [InlineData("return x * Ratio;", "private double Ratio { get { {|L2T2001:while|} (true) { } } }", "A loop")]
    [InlineData("return x * {|L2T2001:Ratio|};", "private double Ratio { get; } = 2;", "The property 'Ratio'")]
    [InlineData("return x * F();", "private double F(decimal {|L2T2001:d|} = 1) => 2;", "The default value of 'd'")]
    public void Helper_that_can_not_be_read(string body, string member, string what)
    {
        Assert.Contains(what, RuleAssert.Reports(Student(body, member))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("string {|L2T2001:name|} = \"\"", "Constructor parameter 'name' of type 'string'")]
    [InlineData("Tensor {|L2T2001:scale|} = null!", "Constructor parameter 'scale' of type 'Tensor'")]
    [InlineData("int {|L2T2001:@base|}", "Constructor parameter '@base'")]
    [InlineData("params int[] {|L2T2001:sizes|}", "Constructor parameter 'sizes' of type 'int[]'")]
    public void Constructor_parameter_that_is_no_number(string parameter, string what)
    {
        var messages = RuleAssert.Reports($$"""
            [Student] public sealed partial class Net({{parameter}}) { public Tensor Forward([Shape("N", 4)] Tensor x) => x; }
            """);

        Assert.StartsWith(what, Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Struct() => Assert.StartsWith(
        "A struct can't be differentiated here",
        Assert.Single(RuleAssert.ReportsBeside("CS0592", "[Student] public partial struct {|L2T2001:Net|} { public Tensor Forward([Shape(4)] Tensor x) => x; }")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("partial record", "{|L2T2001:Net|} { public Tensor Forward([Shape(4)] Tensor x) => x; }", "A record")]
    [InlineData("abstract partial class", "{|L2T2001:Net|} { public Tensor Forward([Shape(4)] Tensor x) => x; }", "An abstract class")]
    [InlineData("static partial class", "{|L2T2001:Net|} { public static Tensor Forward([Shape(4)] Tensor x) => x; }", "A static class")]
    [InlineData("sealed partial class", "Net { public {|L2T2001:Net|}(int size) { } public Tensor Forward([Shape(4)] Tensor x) => x; }", "A constructor with a body")]
    public void Type_that_can_not_be_read(string kind, string declaration, string what)
    {
        Assert.StartsWith(what, RuleAssert.Reports($"[Student] public {kind} {declaration}")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Overloads_of_a_state_feature() => RuleAssert.Reports(Teacher.With("""
        [StateFeature] private static float Progress(in StudentState s) => s.Step;
        [StateFeature] private static float {|L2T2001:Progress|}(StudentState s) => -s.Step;
        """));

    [Fact]
    public void Block_that_holds_itself()
    {
        var messages = RuleAssert.Reports("""
            [Block] public sealed partial class A
            {
                private readonly B {|L2T2001:_b|} = new();
                public Tensor Forward([Shape("N", 4)] Tensor x) => _b.Forward(x);
            }
            [Block] public sealed partial class B
            {
                private readonly A {|L2T2001:_a|} = new();
                public Tensor Forward([Shape("N", 4)] Tensor x) => _a.Forward(x);
            }
            """);

        Assert.Contains("A -> B -> A", messages[1], StringComparison.Ordinal);
        Assert.Contains("B -> A -> B", messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Expression_without_end()
    {
        var messages = RuleAssert.Reports(Student($"return {{|L2T2001:{Sum(201)}|}} + {Sum(200)};"));

        Assert.Contains("nested more than 200 levels deep", messages[0], StringComparison.Ordinal);

        static string Sum(int terms) => string.Join(" + ", Enumerable.Repeat("x", terms));
    }

    [Fact]
    public void Samples_in_training()
    {
        var messages = RuleAssert.CompilerReports("""
            [Student] public sealed partial class Net
            {
                [Parameter(4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => x * Weight;
            }
            [LossForm] public sealed partial class Form
            {
                [Coefficient(1, Init = Init.Ones)] public partial Tensor Weight { get; }
                public Tensor Loss([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => (output.gather(1, output.exp().{|L2T2001:multinomial(2, true)|}) * Weight).mean();
            }
            [Teacher(typeof(Form))] public sealed partial class Guide
            {
                [StateFeature] private static float Progress(in StudentState s) => s.Step;
            }
            [Experiment(typeof(Net), typeof(Guide))] public sealed partial class Trial;
            """);

        Assert.Contains("samples depend on the weights to the last bit", Assert.Single(messages), StringComparison.Ordinal);
    }
}
