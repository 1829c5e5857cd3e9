using System.Reflection.Metadata;
using System.Runtime.CompilerServices;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs.Text;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Reading;

/// <summary>
/// Reads the modules of referenced assemblies from <c>[assembly: ModuleProgram("Full.Name", "text")]</c>. It works on one
/// reference at a time and needs no compilation, so the pipeline reads each reference once, not at every key press.
/// </summary>
internal static class ReferenceReader
{
    private const string AttributeName = KnownNames.ModuleProgram + "Attribute";

    private static readonly ConditionalWeakTable<IAssemblySymbol, HashSet<string>> Known = new();

    /// <summary>Whether the assembly of a type carries a program for it.</summary>
    public static bool HasProgram(ITypeSymbol type) =>
        Known.GetValue(type.ContainingAssembly, assembly => new(Programs(assembly).Select(p => p.Type))).Contains(type.FullName());

    /// <summary>The modules of a reference, sorted by name.</summary>
    public static EquatableArray<ReferencedModule> Read(MetadataReference reference, CancellationToken cancellation)
    {
        var (assembly, programs) = reference switch
        {
            CompilationReference { Compilation: var compilation } => (compilation.AssemblyName ?? "", Programs(compilation.Assembly)),
            PortableExecutableReference file => Programs(file),
            _ => ("", []),
        };
        var modules = new List<ReferencedModule>();
        foreach (var (type, text) in programs)
        {
            cancellation.ThrowIfCancellationRequested();
            modules.Add(new(type, assembly, SpecParser.TryParseModule(text, out var spec) ? spec : null));
        }

        return modules.OrderBy(m => m.Type, StringComparer.Ordinal).ToEquatableArray();
    }

    private static IReadOnlyList<(string Type, string Text)> Programs(IAssemblySymbol assembly) =>
    [
        .. assembly.GetAttributes()
            .Where(a => a.AttributeClass?.Name == AttributeName && a.ConstructorArguments.Length == 2)
            .Select(a => (a.ConstructorArguments[0].Value as string ?? "", a.ConstructorArguments[1].Value as string ?? "")),
    ];

    private static (string Assembly, IReadOnlyList<(string Type, string Text)> Programs) Programs(PortableExecutableReference reference)
    {
        try
        {
            if (reference.GetMetadata() is not AssemblyMetadata metadata || metadata.GetModules()[0].GetMetadataReader() is not { IsAssembly: true } reader)
            {
                return ("", []);
            }

            var assembly = reader.GetAssemblyDefinition();
            var programs = new List<(string, string)>();
            foreach (var handle in assembly.GetCustomAttributes())
            {
                var attribute = reader.GetCustomAttribute(handle);
                if (IsModuleProgram(reader, attribute.Constructor))
                {
                    // A custom attribute's value: prolog, then the arguments in order (ECMA-335 II.23.3).
                    var value = reader.GetBlobReader(attribute.Value);
                    if (value.ReadUInt16() == 1)
                    {
                        programs.Add((value.ReadSerializedString() ?? "", value.ReadSerializedString() ?? ""));
                    }
                }
            }

            return (reader.GetString(assembly.Name), programs);
        }
        catch (Exception e) when (e is BadImageFormatException or IOException)
        {
            // C# itself reports a reference that it can't read.
            return ("", []);
        }
    }

    private static bool IsModuleProgram(MetadataReader reader, EntityHandle constructor)
    {
        switch (constructor.Kind)
        {
            case HandleKind.MemberReference when reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } parent:
                var type = reader.GetTypeReference((TypeReferenceHandle)parent);
                return reader.StringComparer.Equals(type.Name, AttributeName) && reader.StringComparer.Equals(type.Namespace, KnownNames.Namespace);
            case HandleKind.MethodDefinition:
                var definition = reader.GetTypeDefinition(reader.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType());
                return reader.StringComparer.Equals(definition.Name, AttributeName) && reader.StringComparer.Equals(definition.Namespace, KnownNames.Namespace);
            default:
                return false;
        }
    }
}
