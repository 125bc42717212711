using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Plugwire.Contracts.Analyzers.Tests.Running;

/// <summary>A source compiled beside the sample contracts.</summary>
internal static class SampleCompilation
{
    public const string SourcePath = "source.cs";

    private static readonly string[] Referenced = ["System.", "netstandard.", "Grpc.Core.Api.", "Google.Protobuf.", "Plugwire.Contracts.dll"];

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Preview);

    /// <summary>The platform and what contracts stand on; not what these tests themselves need.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } = Find(Referenced);

    // What all sources share is bound once.
    private static CSharpCompilation Shared { get; } = CSharpCompilation.Create(
        "Sample", Files("", SampleContracts.Usings).Skip(1).Select(Parse), References, Options(""));

    // The same with contracts that the generator has made.
    private static CSharpCompilation Generated { get; } = CSharpCompilation.Create(
        "Sample", [Parse(("usings.cs", SampleContracts.Usings))], [.. References, .. Find(["Examples.Contracts.dll"])], Options(""));

    public static CSharpCompilation Of(string source) => Shared.AddSyntaxTrees(Parse((SourcePath, source))).WithOptions(Options(source));

    /// <summary>A source compiled against the contracts of the examples, as their authors get them.</summary>
    public static CSharpCompilation OverGeneratedContracts(string source) => Generated.AddSyntaxTrees(Parse((SourcePath, source))).WithOptions(Options(source));

    public static (string Path, string Text)[] Files(string source, string usings) =>
        [(SourcePath, source), ("usings.cs", usings), ("contracts.cs", SampleContracts.Source)];

    // A source with statements of its own is a program.
    public static CSharpCompilationOptions Options(string source)
    {
        var isProgram = Parse((SourcePath, source)).GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();
        return new CSharpCompilationOptions(
            isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
    }

    /// <summary>What the compiler says against a compilation; warnings only where they are asked for.</summary>
    public static IEnumerable<string> Complaints(Compilation compilation, DiagnosticSeverity least = DiagnosticSeverity.Error) =>
        compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= least).Select(diagnostic => diagnostic.ToString());

    private static CSharpSyntaxTree Parse((string Path, string Text) file) => (CSharpSyntaxTree)CSharpSyntaxTree.ParseText(file.Text, ParseOptions, file.Path);

    private static MetadataReference[] Find(string[] prefixes) =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
