using Spectre.Console;
using TorchSharp;

AnsiConsole.WriteLine($"TorchSharp {torch.__version__}, {torch.get_num_threads()} threads.");
