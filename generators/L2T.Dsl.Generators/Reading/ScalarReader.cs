using System.Globalization;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace L2T.Dsl.Generators.Reading;

/// <summary>Reads arithmetic on constants and constructor parameters: the arguments with which a field makes its block.</summary>
internal static class ScalarReader
{
    /// <summary>The number that an operation computes; null where it can't be read.</summary>
    public static Scalar? Read(IOperation operation, EquatableArray<ScalarParameterSpec> scalars)
    {
        if (operation.ConstantValue is { HasValue: true, Value: var constant })
        {
            return constant switch
            {
                bool truth => Scalar.Of(truth ? 1.0 : 0.0),
                sbyte or byte or short or ushort or int or uint or long or float or double =>
                    Scalar.Of(Convert.ToDouble(constant, CultureInfo.InvariantCulture)),
                _ => null,
            };
        }

        switch (operation)
        {
            case IParameterReferenceOperation { Parameter: var parameter }:
                return scalars.FirstOrDefault(s => s.Name == parameter.Name) switch
                {
                    { Kind: ScalarKind.Integer } => Scalar.Of(Dim.Symbol(parameter.Name)),
                    { } => Scalar.Named(parameter.Name),
                    null => null,
                };
            case IConversionOperation { OperatorMethod: null } conversion when IsExact(conversion):
                return Read(conversion.Operand, scalars);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } unary when Read(unary.Operand, scalars) is { } operand:
                return Combine(BinaryOperatorKind.Multiply, -1.0, operand, unary.Type.IsIntegral());
            case IBinaryOperation binary when Read(binary.LeftOperand, scalars) is { } left && Read(binary.RightOperand, scalars) is { } right:
                return Combine(binary.OperatorKind, left, right, binary.Type.IsIntegral());
            default:
                return null;
        }
    }

    /// <summary>Sizes stay sizes, so that equal ones compare equal and an integer division rounds.</summary>
    private static Scalar? Combine(BinaryOperatorKind kind, Scalar left, Scalar right, bool isInteger)
    {
        if (isInteger && left.AsDim() is { } l && right.AsDim() is { } r)
        {
            return kind switch
            {
                BinaryOperatorKind.Add => Scalar.Of(l + r),
                BinaryOperatorKind.Subtract => Scalar.Of(l - r),
                BinaryOperatorKind.Multiply => Scalar.Of(l * r),
                BinaryOperatorKind.Divide when r.Value != 0 => Scalar.Of(l / r),
                _ => null,
            };
        }

        return isInteger ? null : kind switch
        {
            BinaryOperatorKind.Add => left + right,
            BinaryOperatorKind.Subtract => left - right,
            BinaryOperatorKind.Multiply => left * right,
            BinaryOperatorKind.Divide => left / right,
            _ => null,
        };
    }

    /// <summary>Whether a numeric conversion keeps the number: everything but cutting a fraction off.</summary>
    private static bool IsExact(IConversionOperation conversion) =>
        conversion.Conversion.IsIdentity || (conversion.Conversion.IsNumeric && !(conversion.Type.IsIntegral() && conversion.Operand.Type.IsFloatingPoint()));
}
