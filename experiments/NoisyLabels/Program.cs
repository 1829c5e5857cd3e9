using L2T.Experiments.Common;
using L2T.Experiments.NoisyLabels;

return CommandProgram.Run<NoisyCommand>(args, "noisy-labels", "Teaches a network to weigh examples whose labels may be wrong (Meta-Weight-Net), and compares with cross-entropy.");
