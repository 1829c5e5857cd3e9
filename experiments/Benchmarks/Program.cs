using System.Text.Json;
using L2T.Dsl.Tensors;
using L2T.Experiments.Benchmarks.HyperStep;
using TorchSharp;

Allocator.KeepMemory();
foreach (var row in HyperStepBenchmark.Run(TimeSpan.FromSeconds(4)))
{
    Console.WriteLine(JsonSerializer.Serialize(row));
    Console.WriteLine($"step {row.GeneratedMs / row.PlainMs:F2} reverse {row.ReverseMs / row.PlainMs:F2} vs double {row.DoubleBackwardMs / row.ReverseMs:F2} peak {(double)row.ReversePeakBytes / row.DoubleBackwardPeakBytes:F2} threads {torch.get_num_threads()}");
}
