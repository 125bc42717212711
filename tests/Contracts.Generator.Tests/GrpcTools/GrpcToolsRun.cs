using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Plugwire.Contracts.Generator.Tests.GrpcTools;

/// <summary>
/// A compilation of what Grpc.Tools made of Protos when these tests were built, and what the generator makes of it. Some of it does not compile, and is to be reported for
/// that reason and no other.
/// </summary>
internal sealed class GrpcToolsRun
{
    private static readonly ImmutableArray<MetadataReference> Platform =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Plugwire.Contracts.Generator", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly string[] SilencedByTheSdk = ["CS1701", "CS1702"];

    private readonly GeneratorDriver _driver;
    private readonly CSharpParseOptions _options;

    private GrpcToolsRun(GeneratorDriver driver, CSharpParseOptions options, Compilation before)
    {
        _options = options;
        Before = before;
        _driver = driver.RunGeneratorsAndUpdateCompilation(before, out var after, out var diagnostics, Token);
        After = after;
        Diagnostics = diagnostics;
    }

    /// <summary>What the generator saw.</summary>
    public Compilation Before { get; }

    /// <summary>The same, with what it generated.</summary>
    public Compilation After { get; }

    /// <summary>What it reported.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    public GeneratorRunResult Result => _driver.GetRunResult().Results.Single();

    /// <summary>The generated files' texts by their names.</summary>
    public IReadOnlyDictionary<string, string> Files => Result.GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static GrpcToolsRun Of(params string[] protos) => Of(new CSharpParseOptions(documentationMode: DocumentationMode.Diagnose), protos);

    /// <param name="options">How sources are parsed.</param>
    /// <param name="protos">The names of files in Protos, as they are in C#.</param>
    public static GrpcToolsRun Of(CSharpParseOptions options, params string[] protos)
    {
        var sources = protos.SelectMany(proto => new[] { $"{proto}.cs", $"{proto}Grpc.cs" }).Select(Output).Where(File.Exists);
        var before = CSharpCompilation.Create(
            "Generated",
            sources.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path)),
            Platform,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, generalDiagnosticOption: ReportDiagnostic.Error,
                specificDiagnosticOptions: SilencedByTheSdk.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Suppress)),
                nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create(
            [new ContractGenerator().AsSourceGenerator()], parseOptions: options);
        return new GrpcToolsRun(driver, options, before);
    }

    /// <summary>The next run of the same generator, when a file has come.</summary>
    public GrpcToolsRun Add(string path, string text) => Next(Before.AddSyntaxTrees(CSharpSyntaxTree.ParseText(text, _options, path, cancellationToken: Token)));

    /// <summary>What the compiler says against all of it.</summary>
    public IEnumerable<Diagnostic> CompilerErrors() => After.GetDiagnostics(Token).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    private static string Output(string name) => Path.Combine(AppContext.BaseDirectory, "Generated", name);

    private GrpcToolsRun Next(Compilation compilation) => new(_driver, _options, compilation);
}
