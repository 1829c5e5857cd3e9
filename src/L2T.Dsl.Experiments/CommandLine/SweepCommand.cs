using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Experiments.Settings;
using L2T.Dsl.Experiments.Sweeps;
using L2T.Dsl.Training;
using TorchSharp;

namespace L2T.Dsl.Experiments.CommandLine;

/// <summary>What <c>sweep</c> does, and <c>resume</c> with the run of a sweep.</summary>
/// <param name="create">Makes the experiment; every trial has one of its own.</param>
/// <param name="settings">The settings that there are.</param>
/// <param name="output">Where results go.</param>
/// <param name="cancellation">Ends it between two steps of training.</param>
internal sealed class SweepCommand(Func<LossTeacherExperiment> create, ExperimentSettings settings, TextWriter output, CancellationToken cancellation)
{
    /// <summary>Says what is wrong with the settings of a trial before any is run.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="common">The settings of all trials.</param>
    /// <exception cref="L2TException">Those of some trial do not go together.</exception>
    public void Check(Sweep sweep, IReadOnlyDictionary<string, string> common)
    {
        foreach (var trial in sweep.Trials)
        {
            try
            {
                Create(common, trial.Settings).PlanMemory();
            }
            catch (L2TException e)
            {
                throw new L2TException($"Trial {trial.Number}, {trial.Options}: {ExperimentSettings.MessageOf(e)}", e);
            }
        }
    }

    /// <summary>Runs what is pending of a sweep, and prints all of it.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="common">The settings of all trials.</param>
    /// <param name="folder">Its run.</param>
    /// <param name="quiet">Whether only the table is printed.</param>
    /// <returns>The sweep, with what came of it.</returns>
    /// <exception cref="L2TException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Sweep Run(Sweep sweep, IReadOnlyDictionary<string, string> common, RunFolder folder, bool quiet)
    {
        sweep.Save(folder);
        torch.set_num_threads(1);
        var run = new SweepRun((trial, checkpoint) => Create(common, trial, checkpoint), folder, quiet ? null : output, cancellation);
        try
        {
            sweep = run.Run(sweep);
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($"Stopped. To go on: resume {folder.Path}");
            throw;
        }
        sweep.WriteTable(Consoles.Over(output));
        if (sweep.Ranked is [var best, ..])
            output.WriteLine($"best: {best.Options}{(sweep.Loss is null ? $", teacher {SweepRun.TeacherPath(folder, best)}" : "")}");
        return sweep;
    }

    private LossTeacherExperiment Create(IReadOnlyDictionary<string, string> common, IReadOnlyDictionary<string, string> own, string? checkpoint = null)
    {
        var experiment = create();
        settings.Apply(experiment, common);
        settings.Apply(experiment, own);
        experiment.GetType().GetProperty(nameof(LossTeacherExperiment.CheckpointPath))!.SetValue(experiment, checkpoint);
        return experiment;
    }
}
