using L2T.Experiments.Common;
using L2T.Experiments.Digits;

if (args is ["experiment", .. var rest])
    return DigitsCommandLine.Run(rest);

return CommandProgram.Run<DemoCommand>(args, "demo", "Teaches a loss on small pictures and compares it with fixed losses on a test set.");
