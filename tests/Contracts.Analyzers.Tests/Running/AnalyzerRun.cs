using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Plugwire.Contracts.Analyzers.Tests.Running;

/// <summary>Runs one analyzer over a source as the compiler does.</summary>
internal static class AnalyzerRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Expects what is marked to be reported, and nothing else.</summary>
    /// <returns>What was reported, in the order of the source.</returns>
    public static async Task<Diagnostic[]> ReportsAsync<TAnalyzer>(string marked)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        var source = MarkedSource.Parse(marked);
        var compilation = SampleCompilation.Of(source.Text);
        Assert.Empty(SampleCompilation.Complaints(compilation));

        var reported = await OfAsync<TAnalyzer>(compilation);

        Assert.Equal(
            source.Spans.Select(span => source.Text.Substring(span.Start, span.Length)),
            reported.Select(diagnostic => source.Text.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)));
        Assert.Equal(source.Spans, reported.Select(diagnostic => diagnostic.Location.SourceSpan));
        return reported;
    }

    /// <summary>What an analyzer reports; an exception of its own is a report too.</summary>
    public static Task<Diagnostic[]> OfAsync<TAnalyzer>(Compilation compilation)
        where TAnalyzer : DiagnosticAnalyzer, new() => OfAsync(compilation, [new TAnalyzer()]);

    /// <summary>What several analyzers report.</summary>
    public static async Task<Diagnostic[]> OfAsync(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        var token = TestContext.Current.CancellationToken;
        var analyzed = compilation.WithAnalyzers(analyzers, new AnalyzerOptions(ImmutableArray<AdditionalText>.Empty));
        var reported = await analyzed.GetAnalyzerDiagnosticsAsync(token).WaitAsync(Limit, token);
        return [.. reported.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ThenBy(diagnostic => diagnostic.GetMessage(null), StringComparer.Ordinal)];
    }
}
