using System.Globalization;
using L2T.Dsl.Compiler.Specs.Bodies;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Reading;

/// <summary>Turns constants of C# into expressions.</summary>
internal static class ConstantReader
{
    // 2^53: the integers up to here are exact as doubles.
    private const long LargestExact = 1L << 53;

    /// <summary>The expression of a constant; null where it is of a type that bodies do not know.</summary>
    public static Expression? Read(int node, ITypeSymbol? type, object? value)
    {
        if (value is null)
        {
            return new NullExpression(node);
        }

        if (type?.WithoutNullable() is { TypeKind: TypeKind.Enum } enumType)
        {
            return AttributeReader.Member(enumType, value) is { } member ? new EnumExpression(node, enumType.Name, member) : null;
        }

        switch (value)
        {
            case bool truth:
                return new BooleanExpression(node, truth);
            case string text:
                return new StringExpression(node, text);
            case float or double:
                return new NumberExpression(node, Convert.ToDouble(value, CultureInfo.InvariantCulture), IsInteger: false);
            case sbyte or byte or short or ushort or int or uint or long:
                var number = Convert.ToInt64(value, CultureInfo.InvariantCulture);
                return number is >= -LargestExact and <= LargestExact ? new NumberExpression(node, number, IsInteger: true) : null;
            default:
                return null;
        }
    }
}
