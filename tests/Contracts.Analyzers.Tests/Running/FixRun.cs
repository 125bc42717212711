using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Plugwire.Contracts.Analyzers.Tests.Running;

/// <summary>Applies a fix to a source as an editor does.</summary>
internal static class FixRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Expects a fix of the one thing that is reported, and that what it makes of the source compiles without a warning and is not reported again.</summary>
    public static async Task ChangesAsync<TAnalyzer, TFix>(string source, string expected, string usings = SampleContracts.Usings)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, source.ReplaceLineEndings("\n"), usings);
        var action = Assert.Single(await ActionsAsync<TAnalyzer, TFix>(document));

        var changed = await ApplyAsync(document, action);

        var text = await changed.GetTextAsync(TestContext.Current.CancellationToken).WaitAsync(Limit);
        Assert.Equal(expected.ReplaceLineEndings("\n"), text.ToString());
        var compilation = await CompilationOfAsync(changed);
        Assert.Empty(SampleCompilation.Complaints(compilation, DiagnosticSeverity.Warning));
        Assert.Empty(await AnalyzerRun.OfAsync<TAnalyzer>(compilation));
    }

    /// <summary>The actions that are offered for the one thing that is reported.</summary>
    public static async Task<CodeAction[]> ActionsAsync<TAnalyzer, TFix>(string source)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        using var workspace = new AdhocWorkspace();
        return await ActionsAsync<TAnalyzer, TFix>(Open(workspace, source.ReplaceLineEndings("\n"), SampleContracts.Usings));
    }

    /// <summary>The source after one action for each thing that is reported, one after the other, until nothing is.</summary>
    public static async Task<string> ChangeAllAsync<TAnalyzer, TFix>(string source)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, source.ReplaceLineEndings("\n"), SampleContracts.Usings);
        var limit = 10;
        while ((await AnalyzerRun.OfAsync<TAnalyzer>(await CompilationOfAsync(document))).FirstOrDefault() is { } diagnostic)
        {
            Assert.True(limit-- > 0, $"The fixes do not come to an end: {diagnostic}");
            document = await ApplyAsync(document, (await ActionsAsync<TFix>(document, diagnostic))[0]);
        }

        Assert.Empty(SampleCompilation.Complaints(await CompilationOfAsync(document)));
        return (await document.GetTextAsync(TestContext.Current.CancellationToken)).ToString();
    }

    private static async Task<CodeAction[]> ActionsAsync<TAnalyzer, TFix>(Document document)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        var compilation = await CompilationOfAsync(document);
        Assert.Empty(SampleCompilation.Complaints(compilation));
        return await ActionsAsync<TFix>(document, Assert.Single(await AnalyzerRun.OfAsync<TAnalyzer>(compilation)));
    }

    private static async Task<CodeAction[]> ActionsAsync<TFix>(Document document, Diagnostic diagnostic)
        where TFix : CodeFixProvider, new()
    {
        var token = TestContext.Current.CancellationToken;
        var fix = new TFix();
        Assert.Contains(diagnostic.Id, fix.FixableDiagnosticIds);
        Assert.NotNull(fix.GetFixAllProvider());
        var actions = new List<CodeAction>();
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), token)).WaitAsync(Limit, token);
        Assert.All(actions, action => Assert.NotNull(action.EquivalenceKey));
        return [.. actions];
    }

    private static async Task<Document> ApplyAsync(Document document, CodeAction action)
    {
        var token = TestContext.Current.CancellationToken;
        var operations = await action.GetOperationsAsync(token).WaitAsync(Limit, token);
        return Assert.Single(operations.OfType<ApplyChangesOperation>()).ChangedSolution.GetDocument(document.Id)!;
    }

    private static Document Open(AdhocWorkspace workspace, string source, string usings)
    {
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "Sample",
            "Sample",
            LanguageNames.CSharp,
            compilationOptions: SampleCompilation.Options(source),
            parseOptions: SampleCompilation.ParseOptions,
            metadataReferences: SampleCompilation.References));
        foreach (var (path, text) in SampleCompilation.Files(source, usings))
            project = project.AddDocument(path, SourceText.From(text)).Project;
        return project.Documents.Single(document => document.Name == SampleCompilation.SourcePath);
    }

    private static async Task<Compilation> CompilationOfAsync(Document document) =>
        (await document.Project.GetCompilationAsync(TestContext.Current.CancellationToken).WaitAsync(Limit))!;
}
