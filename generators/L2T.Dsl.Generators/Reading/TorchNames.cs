using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Reading;

/// <summary>The names by which bodies know the members of TorchSharp.</summary>
internal static class TorchNames
{
    /// <summary>
    /// <c>torch.nn.functional.linear</c> for members of static classes, <c>Tensor.sum</c> for members of other types and
    /// for extensions of them.
    /// </summary>
    public static string Of(ISymbol member) => Owner(member) + "." + member.Name;

    /// <summary>The member of the <c>ScalarType</c> enum that a field such as <c>torch.float32</c> holds; null for other fields.</summary>
    public static string? ScalarType(IFieldSymbol field) => field.Type.Name != "ScalarType" ? null : field.Name switch
    {
        "bool" => "Bool",
        "uint8" => "Byte",
        "int8" => "Int8",
        "int16" or "short" => "Int16",
        "int32" or "int" => "Int32",
        "int64" or "long" => "Int64",
        "bfloat16" => "BFloat16",
        "float16" or "half" => "Float16",
        "float32" or "float" => "Float32",
        "float64" or "double" => "Float64",
        _ => null,
    };

    private static string Owner(ISymbol member)
    {
        var type = member.ContainingType;
        if (member is IMethodSymbol { IsExtensionMethod: true, ReducedFrom: null } extension)
        {
            return extension.Parameters[0].Type.IsTensor() ? "Tensor" : extension.Parameters[0].Type.Name;
        }

        return type.IsStatic ? type.FullName().Substring(KnownNames.TorchSharp.Length + 1) : type.Name;
    }
}
