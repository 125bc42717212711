using Examples.Inspect.Streaming;
using Examples.Inspection;

namespace Examples.Inspect.Reporting;

/// <summary>Prints each finding as a line: <c>path:line:column: rule: text</c>.</summary>
internal sealed class FindingLines(Output output) : IFindingSink
{
    public Task WriteAsync(Finding finding, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        output.WriteLine($"{DisplayText.Path(finding.Path.Span)}:{finding.Line}:{finding.Column}: {finding.RuleId}: {DisplayText.Text(finding.Text)}");
        return Task.CompletedTask;
    }
}
