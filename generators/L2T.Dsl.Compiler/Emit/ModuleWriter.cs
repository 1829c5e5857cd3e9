using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>Writes what a module needs to hold its tensors: the bodies of its tensor properties, its layout, its binding.</summary>
internal static class ModuleWriter
{
    private const string Module = "global::L2T.Dsl.Tensors.ITensorModule";
    private const string Tensor = "global::TorchSharp.torch.Tensor";

    /// <summary>Writes the module's part.</summary>
    public static void Write(CodeWriter code, ModuleSpec module)
    {
        using var type = code.Block($"partial class {module.Type.Name} : {Module}");
        foreach (var scalar in module.Scalars)
        {
            // A copy, so that the user's parameter is not captured on behalf of generated code.
            code.Line($"private readonly {(scalar.Kind == ScalarKind.Integer ? "long" : scalar.Kind == ScalarKind.Real ? "double" : "bool")} {Copy(scalar.Name)} = {scalar.Name};");
        }

        foreach (var tensor in module.Tensors)
        {
            code.Line($"private {Tensor}? {Storage(tensor.Name)};");
        }

        foreach (var tensor in module.Tensors)
        {
            code.Line();
            var bound = $"{Storage(tensor.Name)} ?? throw global::L2T.Dsl.L2TException.Unbound(\"{module.Type.Name}.{tensor.Name}\")";
            code.Line(tensor.If is { } condition
                ? $"{tensor.Accessibility} partial {Tensor}? {tensor.Name} => {Copy(condition)} ? {bound} : null;"
                : $"{tensor.Accessibility} partial {Tensor} {tensor.Name} => {bound};");
        }

        code.Line();
        using (code.Block($"{LayoutWriter.Type} {Module}.Layout"))
        {
            using (code.Block("get"))
            {
                foreach (var tensor in module.Tensors)
                {
                    LayoutWriter.CheckQuotients(code, tensor.Name, tensor.Shape.Dims.SelectMany(d => d.Quotients), Size);
                }

                code.Line("return");
                code.Line("[");
                foreach (var tensor in module.Tensors)
                {
                    var slot = LayoutWriter.Slot(tensor.Name, tensor, tensor.Shape, Size);
                    code.Line(tensor.If is { } condition
                        ? $"    .. {Copy(condition)} ? new global::L2T.Dsl.Tensors.TensorSlot[] {{ {slot} }} : [],"
                        : $"    {slot},");
                }

                foreach (var block in module.Blocks)
                {
                    code.Line(block switch
                    {
                        { Count: null } => $"    .. global::System.Linq.Enumerable.Select((({Module}){block.Field}).Layout, slot => slot.Prefixed(\"{block.Field}\")),",
                        { Index: null } => $"    .. global::L2T.Dsl.BlockArray.StackedLayout(\"{block.Field}\", {block.Field}),",
                        _ => $"    .. global::L2T.Dsl.BlockArray.Layout(\"{block.Field}\", {block.Field}),",
                    });
                }

                code.Line("];");
            }
        }

        code.Line();
        using (code.Block($"void {Module}.Bind(global::L2T.Dsl.Tensors.TensorCursor cursor)"))
        {
            foreach (var tensor in module.Tensors)
            {
                code.Line($"{Storage(tensor.Name)} = {(tensor.If is { } condition ? Copy(condition) + " ? cursor.Next() : null" : "cursor.Next()")};");
            }

            foreach (var block in module.Blocks)
            {
                code.Line(block switch
                {
                    { Count: null } => $"(({Module}){block.Field}).Bind(cursor);",
                    { Index: null } => $"global::L2T.Dsl.BlockArray.BindStacked({block.Field}, cursor);",
                    _ => $"global::L2T.Dsl.BlockArray.Bind({block.Field}, cursor);",
                });
            }
        }

        code.Line();
        using (code.Block($"double {Module}.Scalar(string parameter)"))
        {
            using (code.Block("switch (parameter)"))
            {
                foreach (var scalar in module.Scalars)
                {
                    code.Line($"case \"{scalar.Name}\": return {(scalar.Kind == ScalarKind.Boolean ? Copy(scalar.Name) + " ? 1 : 0" : Copy(scalar.Name))};");
                }

                code.Line("default: throw new global::System.ArgumentOutOfRangeException(nameof(parameter), parameter, \"No constructor parameter of that name.\");");
            }
        }

        string Size(Dim dim) => dim.Substitute(module.Scalars.ToDictionary(s => s.Name, s => Dim.Symbol(Copy(s.Name)))).ToString();
    }

    private static string Copy(string parameter) => "__" + parameter;

    private static string Storage(string property) => "__" + property.TrimStart('@') + "Storage";
}
