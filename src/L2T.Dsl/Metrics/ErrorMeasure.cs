using System.Globalization;

namespace L2T.Dsl.Metrics;

/// <summary>What the error of a student is.</summary>
public enum ErrorMeasure
{
    /// <summary>The share of wrong answers, where targets are class labels. People read it in percent.</summary>
    ErrorRate,

    /// <summary>The mean squared error over all outputs, where targets are real numbers: in the square of their unit.</summary>
    MeanSquaredError,
}

/// <summary>How an error is written for people.</summary>
internal static class ErrorMeasureExtensions
{
    /// <summary>An error with its unit, "12.50 %" or "0.0125".</summary>
    public static string Text(this ErrorMeasure measure, double error) =>
        measure == ErrorMeasure.ErrorRate ? string.Create(CultureInfo.InvariantCulture, $"{100 * error,5:F2} %") : Number(measure, error);

    /// <summary>An error without its unit, which the column's title says (<see cref="Title"/>); empty for NaN.</summary>
    public static string Number(this ErrorMeasure measure, double error) =>
        double.IsNaN(error) ? "" : measure == ErrorMeasure.ErrorRate ? (100 * error).ToString("F2", CultureInfo.InvariantCulture) : error.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>The end of a column's title: "error %" or "MSE".</summary>
    public static string Title(this ErrorMeasure measure) => measure == ErrorMeasure.ErrorRate ? "error %" : "MSE";
}
