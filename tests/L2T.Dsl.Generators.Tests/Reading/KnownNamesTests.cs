using System.Reflection;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Generators.Reading;
using L2T.Dsl.Training;

namespace L2T.Dsl.Generators.Tests.Reading;

/// <summary>The generator knows the library by names alone; these hold names and types together.</summary>
public sealed class KnownNamesTests
{
    [Fact]
    public void Attributes_of_the_library_are_those_that_the_generator_knows()
    {
        var library = typeof(BlockAttribute).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Attribute)) && t.Namespace == KnownNames.Namespace);
        string[] known =
        [
            .. KnownNames.TypeAttributes, KnownNames.StateFeature, KnownNames.Parameter, KnownNames.Coefficient, KnownNames.Buffer,
            KnownNames.Shape, KnownNames.Labels, KnownNames.ModuleProgram, KnownNames.FallbackPlace,
        ];

        Assert.Equal(known.Select(KnownNames.AttributeType).Order(), library.Select(t => t.FullName!).Order());
    }

    [Fact]
    public void Properties_that_the_generator_reads_are_there()
    {
        AssertProperty<ParameterAttribute>("Init", typeof(Init));
        AssertProperty<ParameterAttribute>("Scale", typeof(double));
        AssertProperty<CoefficientAttribute>("Init", typeof(Init));
        AssertProperty<CoefficientAttribute>("Scale", typeof(double));
        AssertProperty<TeacherAttribute>("Slots", typeof(int));
        AssertProperty<StateFeatureAttribute>("Size", typeof(int));
        AssertProperty<ExperimentAttribute>("Metric", typeof(Type));
        AssertProperty<ExperimentAttribute>("Baselines", typeof(Type[]));
        AssertProperty<ExperimentAttribute>("Trajectory", typeof(TrajectoryPolicy));
    }

    [Fact]
    public void Defaults_that_the_generator_assumes_are_the_attributes()
    {
        Assert.Equal(Init.Zeros, new ParameterAttribute().Init);
        Assert.Equal(1, new ParameterAttribute().Scale);
        Assert.Equal(Init.Zeros, new CoefficientAttribute().Init);
        Assert.Equal(1, new CoefficientAttribute().Scale);
        Assert.Equal(10, new TeacherAttribute(typeof(object)).Slots);
        Assert.Equal(1, new StateFeatureAttribute().Size);
        Assert.Equal(TrajectoryPolicy.KeepAll, new ExperimentAttribute(typeof(object), typeof(object)).Trajectory);
        Assert.Null(new ExperimentAttribute(typeof(object), typeof(object)).Metric);
        Assert.Empty(new ExperimentAttribute(typeof(object), typeof(object)).Baselines);
    }

    [Fact]
    public void Types_that_the_generator_knows_are_there()
    {
        Assert.Equal(KnownNames.StudentState, typeof(StudentState).FullName);
        Assert.Equal(KnownNames.DefaultMetric, typeof(L2T.Dsl.Metrics.ExpectedAccuracy).FullName);
        Assert.Equal(KnownNames.Tensor, typeof(TorchSharp.torch.Tensor).FullName!.Replace('+', '.'));
    }

    [Theory]
    [InlineData(ModuleKind.Block, nameof(BlockAttribute))]
    [InlineData(ModuleKind.Student, nameof(StudentAttribute))]
    [InlineData(ModuleKind.LossForm, nameof(LossFormAttribute))]
    [InlineData(ModuleKind.Metric, nameof(MetricAttribute))]
    [InlineData(ModuleKind.Teacher, nameof(TeacherAttribute))]
    public void Kinds_have_their_attributes(ModuleKind kind, string attribute) => Assert.Equal(attribute, KnownNames.Attribute(kind) + "Attribute");

    private static void AssertProperty<TAttribute>(string name, Type type)
    {
        var property = typeof(TAttribute).GetProperty(name, BindingFlags.Instance | BindingFlags.Public);

        Assert.Equal(type, property?.PropertyType);
        Assert.True(property!.CanWrite);
    }
}
