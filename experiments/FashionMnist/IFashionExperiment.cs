namespace L2T.Experiments.FashionMnist;

/// <summary>What the experiments of this folder have in common, so that one line of the program can make any of them.</summary>
public interface IFashionExperiment
{
    /// <summary>Where the data comes from.</summary>
    FashionPictures Pictures { get; init; }
}
