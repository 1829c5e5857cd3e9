using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs;

/// <summary>
/// A block, student, loss form, metric or teacher body as declared.
/// <para>
/// The contract of everything in this folder: immutable and structurally equal at any depth, no symbols, no syntax,
/// no locations. Equal specs give equal generated source, which is what the incremental pipeline caches by; whoever
/// adds a member checks that it keeps this.
/// </para>
/// </summary>
/// <param name="Type">The declaring type.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Scalars">The parameters of the primary constructor.</param>
/// <param name="Tensors">The <c>[Parameter]</c> or <c>[Coefficient]</c> properties, in declaration order.</param>
/// <param name="Blocks">The fields that hold blocks, in declaration order.</param>
/// <param name="Methods">The methods whose bodies were read: the entry method and the helpers it
/// calls. None where they can't be read, which is reported then: just the storage is generated.</param>
public sealed record ModuleSpec(
    TypeName Type,
    ModuleKind Kind,
    EquatableArray<ScalarParameterSpec> Scalars,
    EquatableArray<TensorMemberSpec> Tensors,
    EquatableArray<BlockFieldSpec> Blocks,
    EquatableArray<MethodSpec> Methods)
{
    /// <summary>The name of the entry method of a module of this kind.</summary>
    public static string EntryMethod(ModuleKind kind) => kind switch
    {
        ModuleKind.LossForm => "Loss",
        ModuleKind.Metric => "Measure",
        ModuleKind.Teacher => "Teach",
        _ => "Forward",
    };

    /// <summary>The entry method.</summary>
    public MethodSpec Entry => Methods.First(m => m.Name == EntryMethod(Kind));
}
