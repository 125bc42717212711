using System.Globalization;
using Spectre.Console;

namespace Plugwire.Testing.Command;

/// <summary>Cases and results as tables.</summary>
internal static class ReportTable
{
    // Where the output is no terminal, a line must not be cut at a width that nobody has.
    private const int WidthWithoutTerminal = 200;

    public static void WriteCases(IEnumerable<ConformanceCase> cases)
    {
        var table = Begin().AddColumn("Case").AddColumn("Level").AddColumn("Source").AddColumn("Requirement");
        foreach (var item in cases)
            table.AddRow(new Text(item.Id), new Text(Name(item.Level)), new Text(item.Source.ToString()), new Text(item.Requirement));
        Open().Write(table);
    }

    public static void Write(ConformanceReport report)
    {
        var console = Open();
        var table = Begin().AddColumn("Result").AddColumn("Case").AddColumn("Level").AddColumn(new TableColumn("Seconds").RightAligned()).AddColumn("Detail");
        foreach (var result in report.Results)
        {
            table.AddRow(
                new Text(Name(result.Outcome), StyleOf(result)),
                new Text(result.Case.Id),
                new Text(Name(result.Case.Level)),
                new Text(result.Duration.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)),
                new Text(result.Detail));
        }

        console.Write(table);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(report.Passed ? "Passed" : "Failed")} by revision {report.Revision}: {report.Count(ConformanceOutcome.Pass)} pass, {report.Count(ConformanceOutcome.Fail)} fail, {report.Count(ConformanceOutcome.Skip)} skipped, {report.Count(ConformanceOutcome.HarnessError)} harness errors in {report.Duration.TotalSeconds:0.0} s"));
    }

    private static IAnsiConsole Open()
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthWithoutTerminal;
        return AnsiConsole.Console;
    }

    private static Table Begin() => new Table().Border(Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded);

    private static string Name(ConformanceLevel level) => level == ConformanceLevel.Must ? "must" : "should";

    private static string Name(ConformanceOutcome outcome) => outcome switch
    {
        ConformanceOutcome.Pass => "pass",
        ConformanceOutcome.Fail => "FAIL",
        ConformanceOutcome.Skip => "skip",
        _ => "HARNESS ERROR",
    };

    private static Style StyleOf(ConformanceResult result) => result switch
    {
        { FailsTheRun: true } => new Style(Color.Red),
        { Outcome: ConformanceOutcome.Fail } => new Style(Color.Yellow),
        { Outcome: ConformanceOutcome.Skip } => new Style(Color.Grey),
        _ => new Style(Color.Green),
    };
}
