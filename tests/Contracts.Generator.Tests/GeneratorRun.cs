using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Plugwire.Contracts.Generator.Tests;

/// <summary>The generator over sources of a test, and over what becomes of them by edits.</summary>
internal sealed class GeneratorRun
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.Parse);

    private GeneratorDriver _driver = CSharpGeneratorDriver.Create(
        [new ContractGenerator().AsSourceGenerator()],
        parseOptions: Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private CSharpCompilation _compilation;

    private GeneratorRun(IEnumerable<(string Path, string Text)> sources)
    {
        _compilation = CSharpCompilation.Create("Contracts", sources.Select(source => Parse(source.Path, source.Text)));
        Run();
    }

    public GeneratorRunResult Result => _driver.GetRunResult().Results.Single();

    public ImmutableArray<Diagnostic> Diagnostics => Result.Diagnostics;

    public IEnumerable<string> FileNames => Result.GeneratedSources.Select(source => source.HintName);

    /// <summary>A fixture: what Grpc.Tools generated.</summary>
    public static string Fixture(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".txt"));

    public static GeneratorRun Over(params IEnumerable<(string Path, string Text)> sources) => new(sources);

    public static GeneratorRun OverFixture(string name) => Over((name + "Grpc.cs", Fixture(name)));

    public string Text(string fileName) => Result.GeneratedSources.Single(source => source.HintName == fileName).SourceText.ToString();

    /// <summary>Puts another text in a file's place, or adds the file, and generates again.</summary>
    public void Edit(string path, string text)
    {
        var old = _compilation.SyntaxTrees.SingleOrDefault(tree => tree.FilePath == path);
        _compilation = old is null ? _compilation.AddSyntaxTrees(Parse(path, text)) : _compilation.ReplaceSyntaxTree(old, Parse(path, text));
        Run();
    }

    /// <summary>Why each output of a step is what it is, in the last run.</summary>
    public IEnumerable<IncrementalStepRunReason> Reasons(string step) =>
        Result.TrackedSteps.TryGetValue(step, out var runs) ? runs.SelectMany(run => run.Outputs).Select(output => output.Reason) : [];

    /// <summary>Why each generated file is what it is, in the last run.</summary>
    public IEnumerable<IncrementalStepRunReason> OutputReasons() =>
        Result.TrackedOutputSteps.Values.SelectMany(runs => runs).SelectMany(run => run.Outputs).Select(output => output.Reason);

    private static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, Options, path);

    private void Run() => _driver = _driver.RunGenerators(_compilation, TestContext.Current.CancellationToken);
}
