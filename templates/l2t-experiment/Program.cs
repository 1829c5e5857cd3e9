using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Dsl.Experiments;
using L2T_Experiment;

const int Hidden = 32;

try
{
    // Yours: new LabelledData(inputs, labels, classes), inputs [n, ...], labels [n]; or IdxReader, CifarReader and their like.
    using var digits = DigitsCsv.Load(Path.Combine(AppContext.BaseDirectory, "Data", "digits.csv.gz"));
    var data = DataSplit.Shuffled(digits, train: 450, dev: 898, test: 449, seed: 1);
    return ExperimentCommandLine.Run(args, () => new DigitsExperiment
    {
        Student = new DigitsMlp(Hidden),
        Data = data,
        Steps = 100,
        LearningRate = 0.8,
        TeacherLearningRate = 0.005,
        TeacherGradientClip = 0.3,
        SplitPerEpisode = true,
    });
}
catch (L2TException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.BadInput;
}
