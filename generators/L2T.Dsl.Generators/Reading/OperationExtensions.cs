using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace L2T.Dsl.Generators.Reading;

/// <summary>Questions to operations.</summary>
internal static class OperationExtensions
{
    /// <summary>Whether C# reports an error in an operation or in a part of it.</summary>
    public static bool HasErrors(this IOperation operation) =>
        operation.DescendantsAndSelf().Any(o => o is IInvalidOperation || o.Type?.TypeKind == TypeKind.Error);

    /// <summary>The operation under conversions.</summary>
    public static IOperation WithoutConversions(this IOperation operation)
    {
        while (operation is IConversionOperation conversion)
        {
            operation = conversion.Operand;
        }

        return operation;
    }
}
