using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Lowering;

/// <summary>Calls that cover the vocabulary: every name in it, and every form of argument.</summary>
public static class VocabularyCases
{
    private static readonly TensorArgument V = Real(3);
    private static readonly TensorArgument M = Real(4, 3);
    private static readonly TensorArgument C = Real(2, 4, 3);
    private static readonly TensorArgument Positive = new(TensorType.Real(4, 3), 0.3);
    private static readonly TensorArgument Probabilities = new(TensorType.Real(4, 3), 0.05, 0.95);
    private static readonly TensorArgument Mask = new(new TensorType(ElementType.Boolean, Shape.Of(4, 3)));
    private static readonly TensorArgument Labels = new(TensorType.Integer(4));

    private static readonly Range Colon = Range.All;
    private static readonly EnumArgument Ellipsis = new("TensorIndex", "Ellipsis");

    /// <summary>The calls.</summary>
    public static IReadOnlyList<VocabularyCase> All { get; } =
    [
        // Pointwise functions, static and of an instance.
        .. from name in new[] { "exp", "exp2", "sign", "sin", "cos", "erf", "erfc", "tanh", "sigmoid", "neg", "negative", "abs", "square" }
           from call in Both(name, M)
           select call,
        .. from name in new[] { "log", "log2", "log10", "log1p", "sqrt", "rsqrt", "reciprocal" }
           from call in Both(name, Positive)
           select call,
        new("torch.absolute", ("input", M)),
        .. from name in new[] { "exp2", "erf", "erfc", "expit" }
           select new VocabularyCase("torch.special." + name, ("input", M)),

        // Operators as methods.
        .. from name in new[] { "add", "sub", "subtract", "mul", "multiply" }
           from right in new object[] { M, V, 1.5 }
           from call in new VocabularyCase[] { new("torch." + name, ("left", M), ("right", right)), new("Tensor." + name, ("this", M), (name == "add" && right is double ? "scalar" : "target", right)) }
           select call,
        .. from name in new[] { "div", "divide" }
           from right in new object[] { Positive, 1.5 }
           from call in new VocabularyCase[] { new("torch." + name, ("left", M), ("right", right)), new("Tensor." + name, ("this", M), ("target", right)) }
           select call,
        new("torch.true_divide", ("dividend", M), ("divisor", Positive)),
        new("Tensor.true_divide", ("this", M), ("other", Positive)),
        new("torch.add", ("left", M), ("right", V), ("alpha", 0.5)),
        new("Tensor.add", ("this", M), ("target", M), ("alpha", -2.0)),
        new("torch.add", ("left", M), ("right", 2.0), ("alpha", 0.5)),
        new("torch.pow", ("left", Positive), ("exponent", 2.5)),
        .. from exponent in new[] { 0, 1, 2, 3, 4, 0.5, -1, -0.5, -2, 1.5 }
           select new VocabularyCase("Tensor.pow", ("this", Positive), ("exponent", exponent)),
        .. from name in new[] { "maximum", "minimum", "max", "min" }
           from call in new VocabularyCase[] { new("torch." + name, ("input", M), ("other", V)), new("Tensor." + name, ("this", M), ("other", M)) }
           select call,
        new("torch.clamp", ("input", M), ("min", -1.0), ("max", 1.0)),
        new("Tensor.clamp", ("this", M), ("min", -1.0)),
        new("Tensor.clamp", ("this", M), ("min", null), ("max", 1.0)),
        new("torch.clip", ("input", M), ("min", -1.0), ("max", 1.0)),
        new("Tensor.clip", ("this", M), ("max", 1.0)),
        new("torch.clamp_min", ("input", M), ("min", 0.5)),
        new("Tensor.clamp_min", ("this", M), ("min", 0.5)),
        new("torch.clamp_max", ("input", M), ("max", 0.5)),
        new("Tensor.clamp_max", ("this", M), ("max", 0.5)),

        // Activations.
        .. from name in new[] { "relu", "tanh", "sigmoid", "relu6", "silu", "mish", "softsign", "tanhshrink", "logsigmoid", "hardsigmoid", "hardswish", "selu", "gelu", "softplus" }
           select new VocabularyCase("torch.nn.functional." + name, (name.StartsWith("hards", StringComparison.Ordinal) ? "input" : "x", M)),
        .. from name in new[] { "relu", "relu6", "silu", "selu", "elu", "gelu", "softplus" }
           select new VocabularyCase("Tensor." + name, ("this", M)),
        new("torch.nn.functional.relu", ("x", M), ("inplace", false)),
        new("torch.nn.functional.dropout", ("input", M), ("p", 0.3), ("training", false)),
        new("torch.nn.functional.dropout1d", ("input", C), ("training", false)),
        new("torch.nn.functional.dropout2d", ("input", Real(2, 3, 2, 2)), ("p", 0.1), ("training", false)),
        // Of one class there is one sample to draw.
        .. from call in Both("multinomial", new(TensorType.Real(4, 1), 0.3), ("num_samples", 3), ("replacement", true))
           select call,
        .. from call in Both("multinomial", new(TensorType.Real(4, 1), 0.3), ("num_samples", 1))
           select call,
        new("torch.nn.functional.batch_norm", ("input", M), ("running_mean", V), ("running_var", new TensorArgument(TensorType.Real(3), 0.3))),
        new("torch.nn.functional.batch_norm", ("input", Real(2, 3, 2, 4)), ("running_mean", V), ("running_var", new TensorArgument(TensorType.Real(3), 0.3)), ("weight", V), ("bias", V), ("eps", 0.1)),
        new("torch.nn.functional.layer_norm", ("input", M), ("normalized_shape", new[] { 3 })),
        new("torch.nn.functional.layer_norm", ("input", C), ("normalized_shape", new[] { 3 }), ("weight", V), ("bias", V), ("eps", 0.1)),
        new("torch.nn.functional.layer_norm", ("input", C), ("normalized_shape", new[] { 4, 3 }), ("weight", M)),
        new("torch.nn.functional.group_norm", ("input", Real(2, 4, 3)), ("num_groups", 2L)),
        new("torch.nn.functional.group_norm", ("input", Real(2, 4, 2, 3)), ("num_groups", 2L), ("weight", Real(4)), ("bias", Real(4)), ("eps", 0.1)),
        new("torch.nn.functional.group_norm", ("input", Real(2, 2, 3)), ("num_groups", 1L), ("weight", Real(2))),
        new("torch.nn.functional.elu", ("x", M), ("alpha", 0.7)),
        new("Tensor.elu", ("this", M), ("alpha", 0.7)),
        new("torch.nn.functional.leaky_relu", ("input", M)),
        new("torch.nn.functional.leaky_relu", ("input", M), ("negative_slope", 0.2)),
        new("Tensor.leaky_relu", ("this", M), ("negative_slope", 0.2)),
        new("torch.nn.functional.gelu", ("x", M), ("approximate", new EnumArgument("Approximate", "none"))),
        new("torch.nn.functional.gelu", ("x", M), ("approximate", new EnumArgument("Approximate", "tanh"))),
        new("Tensor.gelu", ("this", M), ("approximate", new EnumArgument("Approximate", "tanh"))),
        new("torch.nn.functional.softplus", ("x", M), ("beta", 2.0), ("threshold", 1.0)),
        new("Tensor.softplus", ("this", M), ("beta", 0.5)),
        new("torch.nn.functional.glu", ("input", Real(3, 4))),
        new("torch.nn.functional.glu", ("input", M), ("dim", 0)),

        // Comparisons and choices.
        .. from name in new[] { "eq", "ne", "lt", "le", "gt", "ge" }
           from call in new VocabularyCase[]
           {
               new("torch." + name, ("left", M), ("right", V)),
               new("Tensor." + name, ("this", M), ("target", M)),
               new("Tensor." + name, ("this", M), ("target", 0.5)),
               new("Tensor." + name, ("this", Labels), ("target", Labels)),
               new("Tensor." + name, ("this", Labels), ("target", 1)),
           }
           select call,
        .. from name in new[] { "not_equal", "less", "less_equal", "greater", "greater_equal" }
           from call in new VocabularyCase[] { new("torch." + name, ("tensor", M), ("target", M)), new("Tensor." + name, ("this", M), ("target", M)) }
           select call,
        .. from name in new[] { "logical_and", "logical_or", "bitwise_and", "bitwise_or" }
           from call in new VocabularyCase[] { new("torch." + name, ("left", Mask), ("right", Mask)), new("Tensor." + name, ("this", Mask), ("other", Mask)) }
           select call,
        .. from name in new[] { "logical_not", "bitwise_not" }
           from call in Both(name, Mask)
           select call,
        new("torch.where", ("condition", Mask), ("x", M), ("y", V)),
        new("torch.where", ("condition", new TensorArgument(new(ElementType.Boolean, Shape.Of(4, 1)))), ("x", M), ("y", M)),
        new("Tensor.where", ("this", M), ("condition", Mask), ("y", M)),
        new("Tensor.masked_fill", ("this", M), ("mask", Mask), ("value", -3.0)),
        new("Tensor.to_type", ("this", Labels), ("type", new EnumArgument("ScalarType", "Float64"))),
        new("Tensor.to_type", ("this", Mask), ("type", new EnumArgument("ScalarType", "Int64"))),
        new("Tensor.to_type", ("this", M), ("type", new EnumArgument("ScalarType", "Bool"))),
        new("Tensor.to", ("this", Mask), ("type", new EnumArgument("ScalarType", "Float64"))),
        new("Tensor.to", ("this", Mask), ("other", M)),
        new("Tensor.type_as", ("this", Mask), ("tensor", M)),
        new("Tensor.double", ("this", Mask)),
        new("Tensor.double", ("this", M)),
        new("Tensor.long", ("this", Mask)),
        new("Tensor.bool", ("this", Labels)),

        // Products.
        new("torch.nn.functional.linear", ("input", M), ("weights", Real(2, 3)), ("bias", Real(2))),
        new("torch.nn.functional.linear", ("input", M), ("weights", Real(2, 3))),
        new("torch.nn.functional.linear", ("input", C), ("weights", Real(2, 3)), ("bias", Real(2))),
        new("torch.nn.functional.linear", ("input", V), ("weights", Real(2, 3)), ("bias", Real(2))),
        .. from pair in new (int[] Left, int[] Right)[]
           {
               ([3], [3]), ([4, 3], [3]), ([3], [3, 2]), ([4, 3], [3, 2]), ([2, 4, 3], [3, 2]), ([2, 4, 3], [2, 3, 2]),
               ([4, 3], [2, 3, 2]), ([2, 1, 4, 3], [3, 3, 2]), ([3], [2, 3, 2]), ([2, 4, 3], [3]),
           }
           from call in new VocabularyCase[]
           {
               new("torch.matmul", ("input", Real(pair.Left)), ("target", Real(pair.Right))),
               new("Tensor.matmul", ("this", Real(pair.Left)), ("target", Real(pair.Right))),
           }
           select call,
        new("torch.mm", ("input", M), ("target", Real(3, 2))),
        new("Tensor.mm", ("this", M), ("target", Real(3, 2))),
        new("torch.bmm", ("input", C), ("batch2", Real(2, 3, 2))),
        new("Tensor.bmm", ("this", C), ("batch2", Real(2, 3, 2))),
        new("torch.mv", ("input", M), ("target", V)),
        new("Tensor.mv", ("this", M), ("target", V)),
        new("torch.dot", ("input", V), ("other", V)),
        new("Tensor.dot", ("this", V), ("target", V)),
        new("torch.outer", ("input", V), ("vec2", Real(4))),
        new("Tensor.outer", ("this", V), ("vec2", Real(4))),
        new("torch.addmm", ("input", Real(2)), ("mat1", M), ("mat2", Real(3, 2)), ("beta", 0.5), ("alpha", 2.0)),
        new("Tensor.addmm", ("this", Real(4, 2)), ("mat1", M), ("mat2", Real(3, 2))),
        new("torch.addmv", ("input", Real(4)), ("mat1", M), ("mat2", V), ("beta", 0.5), ("alpha", 2.0)),
        new("Tensor.addmv", ("this", Real(4)), ("mat", M), ("vec", V)),

        // Reductions.
        .. from name in new[] { "sum", "mean" }
           from dims in new object?[] { null, name == "sum" ? -1 : new[] { -1 }, new[] { 0 }, new[] { 0, -1 }, Array.Empty<int>() }
           from keep in new[] { false, true }
           from call in Both(name, C, dims is null ? [] : [(name == "sum" ? "dim" : "dimensions", dims), ("keepdim", keep)])
           where dims is not null || !keep
           select call,
        new("Tensor.sum", ("this", C), ("dim0", 0), ("dim1", 2)),
        new("Tensor.sum", ("this", C), ("dim0", 0), ("dim1", 1), ("dim2", 2), ("keepdim", true)),
        new("Tensor.sum", ("this", M), ("type", new EnumArgument("ScalarType", "Float64"))),
        .. from name in new[] { "amax", "amin" }
           from dims in new[] { new[] { 0 }, [1, -1], [] }
           from call in Both(name, C, [("dims", dims), ("keepdim", dims.Length == 1)])
           select call,
        new("Tensor.std", ("this", C), ("unbiased", false)),
        .. from name in new[] { "var", "std" }
           from options in new (string, object?)[][]
           {
               [],
               [("dimensions", new[] { 0, 2 }), ("keepdim", true)],
               [("dimensions", new[] { 1 }), ("unbiased", false)],
           }
           from call in Both(name, C, options)
           select call,
        new("Tensor.var", ("this", M), ("dim", -1)),
        new("torch.std", ("input", M), ("dimensions", 0L)),
        .. from keep in new[] { false, true }
           from call in Both("logsumexp", M, [("dim", -1), ("keepdim", keep)])
           select call,
        .. from name in new[] { "max", "min" }
           from options in new (string, object?)[][] { [], [("dim", -1)], [("dim", 0), ("keepdim", true)] }
           from call in Both(name, C, options)
           select call,
        .. from name in new[] { "argmax", "argmin" }
           from options in new (string, object?)[][] { [], [("dim", -1)], [("dim", 0), ("keepdim", true)] }
           from call in Both(name, C, options)
           select call,
        new("torch.softmax", ("input", M), ("dim", -1)),
        new("Tensor.softmax", ("this", C), ("dim", 1)),
        new("torch.nn.functional.softmax", ("input", M), ("dim", 1)),
        new("torch.special.softmax", ("input", M), ("dim", 0)),
        new("Tensor.log_softmax", ("this", M), ("dim", -1)),
        new("Tensor.log_softmax", ("this", M), ("dim", -1), ("dtype", new EnumArgument("ScalarType", "Float64"))),
        new("torch.nn.functional.log_softmax", ("x", M), ("dim", 1)),
        new("torch.special.log_softmax", ("input", M), ("dim", 0)),

        // Convolutions.
        new("torch.nn.functional.conv2d", ("input", Real(2, 2, 4, 3)), ("weight", Real(2, 2, 2, 3))),
        new("torch.nn.functional.conv2d", ("input", Real(2, 4, 3)), ("weight", Real(2, 2, 2, 2)), ("bias", Real(2)), ("strides", new[] { 2, 1 }), ("padding", new[] { 1 })),
        new("torch.nn.functional.conv2d", ("input", Real(1, 2, 5, 5)), ("weight", Real(2, 1, 2, 2)), ("dilation", new[] { 1, 3 }), ("groups", 2L)),
        new("torch.nn.functional.conv_transpose2d", ("input", Real(2, 2, 2, 3)), ("weight", Real(2, 2, 2, 3))),
        new("torch.nn.functional.conv_transpose2d", ("input", Real(1, 2, 3, 2)), ("weight", Real(2, 1, 3, 2)), ("bias", Real(2)), ("strides", new[] { 2, 3 }), ("padding", new[] { 1, 0 }), ("output_padding", new[] { 1, 2 }), ("groups", 2L)),

        // Pooling.
        new("torch.nn.functional.max_pool2d", ("input", Real(2, 2, 4, 5)), ("kernel_size", 2L)),
        new("torch.nn.functional.max_pool2d", ("input", Real(2, 4, 5)), ("kernel_size", 3L), ("stride", 1L), ("padding", 1L)),
        new("torch.nn.functional.max_pool2d", ("input", Real(1, 2, 4, 5)), ("kernel_size", new[] { 3, 2 }), ("strides", new[] { 1, 2 }), ("padding", new[] { 1, 0 }), ("dilation", new[] { 1, 2 })),
        new("torch.nn.functional.avg_pool2d", ("input", Real(2, 2, 4, 5)), ("kernel_size", 2L)),
        new("torch.nn.functional.avg_pool2d", ("input", Real(2, 4, 5)), ("kernel_size", new[] { 3, 2 }), ("stride", new[] { 1, 2 }), ("padding", new[] { 1, 0 })),
        new("torch.nn.functional.avg_pool2d", ("input", Real(1, 2, 4, 4)), ("kernel_size", 2L), ("divisor_override", 3L), ("count_include_pad", false)),
        new("torch.nn.functional.adaptive_avg_pool2d", ("input", Real(2, 2, 4, 5)), ("output_size", 1L)),
        new("torch.nn.functional.adaptive_avg_pool2d", ("input", Real(2, 4, 6)), ("output_size", new[] { 2, 3 })),

        // Structure.
        new("Tensor.shape", ("this", C)),
        new("Tensor.size", ("this", C)),
        new("Tensor.size", ("this", C), ("dim", -2)),
        new("Tensor.ndim", ("this", C)),
        new("Tensor.dim", ("this", C)),
        new("Tensor.Dimensions", ("this", C)),
        new("Tensor.numel", ("this", C)),
        new("Tensor.NumberOfElements", ("this", C)),
        new("torch.numel", ("input", C)),
        new("torch.reshape", ("input", C), ("shape", new[] { 4, 6 })),
        new("Tensor.reshape", ("this", C), ("shape", new[] { -1, 6 })),
        new("Tensor.view", ("this", C), ("shape", new[] { 2, -1 })),
        new("Tensor.view_as", ("this", C), ("other", Real(4, 6))),
        new("torch.flatten", ("input", C)),
        new("Tensor.flatten", ("this", C), ("start_dim", 1)),
        new("Tensor.flatten", ("this", C), ("start_dim", 0), ("end_dim", -2)),
        new("torch.ravel", ("input", C)),
        new("Tensor.ravel", ("this", C)),
        new("torch.unsqueeze", ("input", M), ("dim", -1)),
        new("Tensor.unsqueeze", ("this", M), ("dim", 1)),
        new("torch.squeeze", ("input", Real(4, 1, 3)), ("dim", 1)),
        new("Tensor.squeeze", ("this", Real(4, 1, 1))),
        new("Tensor.squeeze", ("this", M), ("dim", 0)),
        new("Tensor.expand", ("this", V), ("sizes", new[] { 4, 3 })),
        new("Tensor.expand", ("this", Real(4, 1)), ("sizes", new[] { 2, -1, 3 })),
        new("Tensor.expand_as", ("this", V), ("other", M)),
        new("torch.broadcast_to", ("input", V), ("shape", new[] { 4, 3 })),
        new("Tensor.broadcast_to", ("this", V), ("shape", new[] { 4, 3 })),
        new("torch.permute", ("input", C), ("permutation", new[] { 2, 0, 1 })),
        new("Tensor.permute", ("this", C), ("permutation", new[] { -1, 0, 1 })),
        new("torch.flip", ("input", C), ("dims", new[] { 0, -1 })),
        new("Tensor.flip", ("this", C), ("dims", new[] { 1 })),
        new("torch.fliplr", ("input", M)),
        new("Tensor.fliplr", ("this", C)),
        new("torch.flipud", ("input", M)),
        new("Tensor.flipud", ("this", V)),
        new("torch.transpose", ("input", C), ("dim0", 0), ("dim1", -1)),
        new("Tensor.transpose", ("this", C), ("dim0", 1), ("dim1", 2)),
        new("torch.swapaxes", ("input", C), ("axis0", 0), ("axis1", 2)),
        new("Tensor.swapaxes", ("this", C), ("dim0", 0), ("dim1", 2)),
        new("torch.swapdims", ("input", C), ("dim0", 0), ("dim1", 2)),
        new("Tensor.swapdims", ("this", C), ("dim0", 0), ("dim1", 2)),
        new("torch.t", ("input", M)),
        new("Tensor.t", ("this", V)),
        new("Tensor.T", ("this", M)),
        new("Tensor.mT", ("this", C)),
        new("torch.narrow", ("input", C), ("dim", 1), ("start", 1), ("length", 2)),
        new("Tensor.narrow", ("this", C), ("dim", -1), ("start", 0), ("length", 2)),
        new("Tensor.slice", ("this", C), ("dim", 1), ("start", 1), ("finish", 3), ("step", 1)),
        new("Tensor.slice", ("this", C), ("dim", 1), ("start", -3), ("finish", 100), ("step", 1)),
        new("Tensor.slice", ("this", C), ("dim", 1), ("start", 0), ("finish", 4), ("step", 2)),
        new("Tensor.slice", ("this", Real(2, 7)), ("dim", 1), ("start", 1), ("finish", 7), ("step", 4)),
        new("Tensor.slice", ("this", Real(2, 7)), ("dim", 1), ("start", 1), ("finish", 6), ("step", 2)),
        new("torch.tril", ("input", M)),
        new("torch.tril", ("input", C), ("diagonal", -1L)),
        new("Tensor.tril", ("this", M), ("diagonal", 1L)),
        new("torch.triu", ("input", M)),
        new("Tensor.triu", ("this", C), ("diagonal", 1L)),
        new("Tensor.triu", ("this", Mask)),
        new("torch.nn.functional.pad", ("input", C), ("pad", new[] { 1, 2 })),
        new("torch.nn.functional.pad", ("input", C), ("pad", new[] { 0, 0, 1, 2 })),
        new("torch.nn.functional.pad", ("input", C), ("pad", new[] { 1, 0, 2, 1 }), ("mode", new EnumArgument("PaddingModes", "Constant"))),
        new("torch.nn.functional.pad", ("input", C), ("pad", new[] { 1, -1, -2, 1 })),
        new("torch.nn.functional.pad", ("input", C), ("pad", new[] { 1, 0, 2, -1 }), ("value", 1.5)),
        new("torch.nn.functional.pad", ("input", C), ("pad", 2L)),
        new("torch.select", ("input", C), ("dim", 1), ("index", -1)),
        new("Tensor.select", ("this", C), ("dim", 0), ("index", 1)),
        new("torch.cat", ("tensors", new[] { M, M }), ("dim", -1)),
        new("torch.cat", ("tensors", new[] { M, Real(2, 3), Real(1, 3) })),
        new("torch.concat", ("tensors", new[] { M, M }), ("dim", 1)),
        new("torch.concatenate", ("tensors", new[] { M, M }), ("axis", 1)),
        new("torch.stack", ("tensors", new[] { M, M }), ("dim", -1)),
        new("torch.stack", ("tensors", new[] { M, M })),
        new("torch.chunk", ("input", M), ("chunks", 3)),
        new("Tensor.chunk", ("this", M), ("chunks", 2), ("dim", -1)),
        new("torch.split", ("tensor", M), ("split_size_or_sections", new[] { 1, 3 })),
        new("Tensor.split", ("this", M), ("size", 3)),
        new("Tensor.split", ("this", M), ("sizes", new[] { 1, 2 }), ("dim", 1)),
        new("torch.unbind", ("input", M), ("dim", 1L)),
        new("Tensor.unbind", ("this", M)),
        new("Tensor.detach", ("this", M)),
        new("Tensor.contiguous", ("this", M)),
        new("Tensor.clone", ("this", M)),
        new("torch.clone", ("input", M)),
        new("Tensor.alias", ("this", M)),
        new("Tensor.cpu", ("this", M)),

        // Constants.
        .. from name in new[] { "zeros", "ones" }
           from sizes in new (string, object?)[][] { [("size", new[] { 2, 3 })], [("size", 3L)], [("rows", 2L), ("columns", 3L)], [("dim0", 2L), ("dim1", 3L), ("dim2", 1L)] }
           select new VocabularyCase("torch." + name, [.. sizes, ("dtype", new EnumArgument("ScalarType", "Float64"))]),
        new("torch.full", ("size", new[] { 2, 3 }), ("value", 1.5), ("dtype", new EnumArgument("ScalarType", "Float64"))),
        new("torch.full", ("rows", 2L), ("columns", 3L), ("value", 1.5), ("dtype", new EnumArgument("ScalarType", "Float64"))),
        .. from call in new[] { ("zeros_like", 0), ("ones_like", 0), ("full_like", 1) }
           from both in Both(call.Item1, M, call.Item2 == 0 ? [] : [("value", 1.5)])
           select both,
        new("torch.zeros_like", ("input", Labels), ("dtype", new EnumArgument("ScalarType", "Float64"))),
        new("torch.eye", ("rows", 3), ("dtype", new EnumArgument("ScalarType", "Float64"))),
        new("torch.eye", ("rows", 3), ("columns", 2), ("dtype", new EnumArgument("ScalarType", "Float64"))),
        new("torch.tensor", ("scalar", 1.5), ("dtype", new EnumArgument("ScalarType", "Float64"))),
        new("torch.arange", ("stop", 4)),
        new("torch.arange", ("start", 0), ("stop", 4), ("dtype", new EnumArgument("ScalarType", "Int64"))),

        // Elements named by integers.
        new("torch.index_select", ("input", M), ("dim", 0), ("index", Labels)),
        new("Tensor.index_select", ("this", C), ("dim", -1), ("index", Labels)),
        new("torch.gather", ("input", M), ("dim", 1), ("index", Integer(4, 2))),
        new("Tensor.gather", ("this", M), ("dim", 0), ("index", Integer(2, 3))),
        new("torch.take_along_dim", ("input", M), ("indices", Integer(4, 2)), ("dim", 1)),
        new("Tensor.take_along_dim", ("this", M), ("indices", Integer(4, 1)), ("dim", 1)),
        new("torch.nn.functional.one_hot", ("x", Labels), ("num_classes", 3)),

        .. from indices in new object?[][]
           {
               [0], [-1], [1, 2], [Colon, 1], [new Range(1, ^0), new Range(0, 2)], [new Range(0, ^1), new Range(1, ^1)], [null, 0], [Colon, null, 1],
               [Ellipsis, 0], [0, Ellipsis], [new Range(3, 100)], [Labels], [Integer(2, 2)], [Colon, Labels], [0, Colon, 1], [new Range(2, 1)],
               [Ellipsis, new SliceArgument(null, null, 2)], [Colon, new SliceArgument(1, null, 2), new SliceArgument(0, 5, 3)],
           }
           from call in new VocabularyCase[] { new("Tensor.this[]", ("this", Real(4, 3, 5)), ("indices", indices)), new("Tensor.index", ("this", Real(4, 3, 5)), ("indices", indices)) }
           select call,

        // Losses.
        .. from reduction in new[] { "None", "Mean", "Sum" }
           let given = ("reduction", (object?)new EnumArgument("Reduction", reduction))
           from call in new VocabularyCase[]
           {
               new("torch.nn.functional.cross_entropy", ("input", M), ("target", Labels), given),
               new("torch.nn.functional.cross_entropy", ("input", M), ("target", Labels), ("weight", new TensorArgument(TensorType.Real(3), 0.3)), given),
               new("torch.nn.functional.cross_entropy", ("input", M), ("target", Labels), given, ("label_smoothing", 0.1)),
               new("torch.nn.functional.cross_entropy", ("input", M), ("target", Probabilities), given, ("label_smoothing", 0.1)),
               new("torch.nn.functional.nll_loss", ("input", M), ("target", Labels), given),
               new("torch.nn.functional.nll_loss", ("input", M), ("target", Labels), ("weight", new TensorArgument(TensorType.Real(3), 0.3)), given),
               new("torch.nn.functional.mse_loss", ("input", M), ("target", M), given),
               new("torch.nn.functional.l1_loss", ("input", M), ("target", M), given),
               new("torch.nn.functional.huber_loss", ("input", M), ("target", M), ("delta", 0.7), given),
               new("torch.nn.functional.smooth_l1_loss", ("input", M), ("target", M), given, ("beta", 0.7)),
               new("torch.nn.functional.binary_cross_entropy", ("input", Probabilities), ("target", Probabilities), given),
               new("torch.nn.functional.binary_cross_entropy_with_logits", ("input", M), ("target", Probabilities), given),
               new("torch.nn.functional.binary_cross_entropy_with_logits", ("input", M), ("target", Probabilities), ("weight", Real(3)), given),
           }
           select call,
        new("torch.nn.functional.cross_entropy", ("input", M), ("target", Labels)),
        new("torch.nn.functional.cross_entropy", ("input", V), ("target", Integer())),
        new("torch.nn.functional.cross_entropy", ("input", Real(2, 3, 4)), ("target", Integer(2, 4))),
    ];

    private static TensorArgument Real(params int[] sizes) => new(TensorType.Real([.. sizes.Select(s => (Dim)s)]));

    private static TensorArgument Integer(params int[] sizes) => new(TensorType.Integer([.. sizes.Select(s => (Dim)s)]));

    private static VocabularyCase[] Both(string name, TensorArgument x, params (string, object?)[] arguments) =>
        [new("torch." + name, [("input", x), .. arguments]), new("Tensor." + name, [("this", x), .. arguments])];
}
