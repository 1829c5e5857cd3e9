using System.Text.Json.Serialization;

namespace L2T.Dsl.Experiments.Reports;

/// <summary>What the report of a run shows, and what <c>report.json</c> holds. Shares and not percents; null is what is not finite or not there.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Settings">As resolved, by name.</param>
/// <param name="HasClasses">Whether errors are shares of wrong answers; else they are mean squared errors.</param>
/// <param name="Episodes">The teaching; null where nothing was taught.</param>
/// <param name="Students">The students' trainings.</param>
/// <param name="Taught">What the teacher did in one student's training; null where none taught.</param>
/// <param name="Confusion">The answers of the first student.</param>
/// <param name="Comparison">How losses compare; null where none were compared.</param>
/// <param name="Sweep">The trials of a sweep; null where nothing was swept.</param>
internal sealed record ReportData(
    string Title,
    IReadOnlyDictionary<string, string> Settings,
    bool HasClasses,
    IReadOnlyList<EpisodeData>? Episodes,
    IReadOnlyList<StudentData> Students,
    TaughtData? Taught,
    ConfusionData? Confusion,
    IReadOnlyList<ComparisonData>? Comparison,
    SweepData? Sweep = null);

/// <summary>One episode of teaching.</summary>
internal sealed record EpisodeData(int Episode, double? Metric, double? DevError, double? HeldOutError, double? TrainLoss, double? GradientNorm);

/// <summary>A student's training.</summary>
internal sealed record StudentData(string Loss, int Seed, double? DevError, IReadOnlyList<PointData> Curve);

/// <summary>A point of it.</summary>
internal sealed record PointData(int Step, double? TrainLoss, double? TrainAccuracy, double? DevError);

/// <summary>What a teacher did in one student's training.</summary>
/// <param name="Steps">The steps that are shown.</param>
/// <param name="AllSteps">How many there were to show.</param>
/// <param name="Coefficients">Phi_t.</param>
/// <param name="LeftOut">Coefficients too large to be shown.</param>
/// <param name="Attention">The weights of the slots, [steps][slots]; null for a teacher without slots.</param>
/// <param name="Features">The names of the state features; null where the states were not kept.</param>
/// <param name="States">s_t, [steps][F].</param>
internal sealed record TaughtData(
    IReadOnlyList<int> Steps,
    int AllSteps,
    IReadOnlyList<CoefficientData> Coefficients,
    IReadOnlyList<string> LeftOut,
    IReadOnlyList<IReadOnlyList<double?>>? Attention,
    IReadOnlyList<string>? Features,
    IReadOnlyList<IReadOnlyList<double?>>? States);

/// <summary>One coefficient over the training.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">The size of its last dimension.</param>
/// <param name="Values">Its elements in row-major order, [steps][elements].</param>
internal sealed record CoefficientData(string Name, long Columns, IReadOnlyList<IReadOnlyList<double?>> Values);

/// <summary>How many examples of each class (row) were given each answer (column).</summary>
internal sealed record ConfusionData(string Loss, IReadOnlyList<IReadOnlyList<int>> Counts);

/// <summary>One loss in a comparison.</summary>
internal sealed record ComparisonData(
    string Loss,
    int Seeds,
    double? Dev,
    double? Mean,
    double? Low,
    double? High,
    double? T,
    double? Wilcoxon,
    double? Effect);

/// <summary>A sweep.</summary>
/// <param name="Loss">The fixed loss that was trained with; null where each trial has a teacher.</param>
/// <param name="Measured">On which examples errors were counted.</param>
/// <param name="Trials">The trials, the best first, then those without errors.</param>
internal sealed record SweepData(string? Loss, string Measured, IReadOnlyList<TrialData> Trials);

/// <summary>One of its trials.</summary>
internal sealed record TrialData(
    int Number, IReadOnlyDictionary<string, string> Settings, string State, double? Mean, double? Low, double? High, double Seconds, string? Failure);

/// <summary>Several runs beside each other.</summary>
internal sealed record RunsData(string Title, IReadOnlyList<RunData> Runs);

/// <summary>One of them.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Link">Its own report, relative to that of the runs; null where it has none.</param>
/// <param name="Command">What was run.</param>
/// <param name="Started">When, UTC.</param>
/// <param name="State">What is to be said of it: unfinished, or why it cannot be read; else null.</param>
/// <param name="Report">Its figures; those that there are.</param>
internal sealed record RunData(
    string Name,
    string? Link,
    string? Command,
    string? Started,
    string? State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReportData? Report);
