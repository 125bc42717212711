using Examples.Inspect.Streaming;
using Examples.Inspect.Walking;
using Examples.Inspection;
using Spectre.Console;

namespace Examples.Inspect.Reporting;

/// <summary>The summary, as tables and a last line.</summary>
internal static class SummaryTables
{
    public static void Print(Output output, Summary summary, InspectionCounts counts)
    {
        if (summary.Rules.Count > 0)
        {
            output.Console.Write(Rules(summary, output.IsTerminal));
            output.Console.Write(WorstFiles(summary, output.IsTerminal));
        }

        output.WriteLine($"{Output.Count(counts.Files, "file")} inspected ({Output.Count(counts.Bytes, "byte")}), {Output.Count(summary.Findings, "finding")} in {Output.Count(summary.Files, "file")}");
        if (counts.Skipped > 0)
            output.WriteLine($"{Output.Number(counts.Skipped)} skipped: {Skipped(counts)}");
    }

    private static Table Rules(Summary summary, bool isTerminal)
    {
        var table = Begin(isTerminal).AddColumn("Rule").AddColumn(Right("Findings")).AddColumn(Right("Files"));
        foreach (var rule in summary.Rules)
            table.AddRow(new Text(DisplayText.Text(rule.RuleId)), new Text(Output.Number(rule.Findings)), new Text(Output.Number(rule.Files)));
        return table.AddRow(new Text("all"), new Text(Output.Number(summary.Findings)), new Text(Output.Number(summary.Files)));
    }

    private static Table WorstFiles(Summary summary, bool isTerminal)
    {
        var table = Begin(isTerminal).AddColumn("Worst files").AddColumn(Right("Findings"));
        foreach (var file in summary.WorstFiles)
            table.AddRow(new Text(DisplayText.Path(file.Path.Span)), new Text(Output.Number(file.Findings)));
        return table;
    }

    private static Table Begin(bool isTerminal) => new Table().Border(isTerminal ? TableBorder.Rounded : TableBorder.Ascii);

    private static TableColumn Right(string header) => new TableColumn(header).RightAligned();

    private static string Skipped(InspectionCounts counts) => string.Join(", ", Enum.GetValues<SkipReason>()
        .Where(reason => counts.SkippedFor(reason) > 0)
        .Select(reason => $"{Output.Number(counts.SkippedFor(reason))} {SkipWords.Of(reason)}"));
}
