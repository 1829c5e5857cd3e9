namespace L2T.Dsl.Data;

/// <summary>What a derived seed is for. Streams of different uses are independent; the numbers must not change.</summary>
internal enum RandomUse
{
    /// <summary>The initial teacher.</summary>
    Teacher = 1,

    /// <summary>The initial weights of an episode's student.</summary>
    Student = 2,

    /// <summary>The order of the training examples.</summary>
    Batches = 3,

    /// <summary>Which examples are for training, development, and so on.</summary>
    Split = 4,

    /// <summary>The development examples on which an episode is judged.</summary>
    Judges = 5,

    /// <summary>The initial coefficients of a loss.</summary>
    Coefficients = 6,

    /// <summary>The initial weights of a student trained outside of teaching: one that no teacher has seen.</summary>
    FreshStudent = 7,

    /// <summary>The order of its training examples.</summary>
    FreshBatches = 8,

    /// <summary>The order of the training examples in a student's warm start.</summary>
    WarmStart = 9,

    /// <summary>The development examples on which a step of look-ahead is judged.</summary>
    StepJudges = 10,

    /// <summary>The masks of a step, from the seed of the order of the examples.</summary>
    Noise = 11,

    /// <summary>The augmentation of a batch, from the seed of the order of the examples.</summary>
    Augmentation = 12,

    /// <summary>The task of an episode's student.</summary>
    Task = 13,

    /// <summary>The settings that a sweep draws.</summary>
    Sweep = 14,

    /// <summary>What a relaxed metric draws, from the seed of the student that it judges.</summary>
    MetricSamples = 15,
}
