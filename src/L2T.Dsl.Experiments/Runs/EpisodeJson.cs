using System.Text.Json.Serialization;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Runs;

/// <summary>How an episode is written as JSON, known when this is compiled: to find it out at the first one costs more than to write a hundred.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EpisodeRecord))]
internal sealed partial class EpisodeJson : JsonSerializerContext;
