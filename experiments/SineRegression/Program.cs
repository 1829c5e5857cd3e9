using L2T.Experiments.Common;
using L2T.Experiments.SineRegression;

return CommandProgram.Run<SineCommand>(args, "sine-regression", "Teaches a loss that is a network of output and target, on random sines (ML3), and fits other sines with it.");
