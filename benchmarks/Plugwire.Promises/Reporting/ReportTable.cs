using System.Globalization;
using Spectre.Console;

namespace Plugwire.Promises.Reporting;

/// <summary>The report as a table: a row for each figure.</summary>
internal static class ReportTable
{
    // Lines of a pipe are as long as what stands in them.
    private const int PipeWidth = 10_000;

    public static void Print(Report report)
    {
        var console = Open();
        console.Write(Table(report, console.Profile.Capabilities.Ansi));
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Machine}, scale {report.Scale}, {report.Seconds:0} s. The figure is the median and the worst of all samples; the target is for the worst, unless it says otherwise."));
        foreach (var count in report.Rows.CountBy(row => row.Verdict).OrderBy(pair => pair.Key))
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count.Value} {Text(count.Key)}"));
    }

    private static IAnsiConsole Open()
    {
        if (!Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi)
            return AnsiConsole.Console;

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        console.Profile.Width = PipeWidth;
        return console;
    }

    private static Table Table(Report report, bool isTerminal)
    {
        var table = new Table().Border(isTerminal ? TableBorder.Rounded : TableBorder.Ascii).AddColumn("").AddColumn("promise").AddColumn("figure");
        foreach (var name in new[] { "target", "median", "worst", "runs" })
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        table.AddColumn(new TableColumn("").NoWrap()).AddColumn("why");
        var before = "";
        foreach (var row in report.Rows)
        {
            var isSame = before == row.Id + row.Promise;
            before = row.Id + row.Promise;
            table.AddRow(
                new Text(isSame ? "" : row.Id),
                new Text(isSame ? "" : row.Promise),
                new Text(row.Figure),
                new Text(row.Target),
                new Text(Number(row.Median, row.Unit)),
                new Text(Number(row.Worst, row.Unit)),
                new Text(row.Value is null ? "" : row.Runs.ToString(CultureInfo.InvariantCulture)),
                new Text(Text(row.Verdict), new Style(ColorOf(row.Verdict))),
                new Text(row.Why ?? ""));
        }

        return table;
    }

    private static string Text(Verdict verdict) => verdict switch
    {
        Verdict.Kept => "kept",
        Verdict.Missed => "MISSED",
        Verdict.MissedWithinSlack => "missed, within the slack",
        Verdict.KnownMiss => "missed, as is known",
        Verdict.NotMeasured => "not measured",
        _ => "not built",
    };

    private static Color ColorOf(Verdict verdict) => verdict switch
    {
        Verdict.Kept => Color.Green,
        Verdict.Missed => Color.Red,
        Verdict.MissedWithinSlack or Verdict.KnownMiss => Color.Yellow,
        _ => Color.Grey,
    };

    // Three digits say enough.
    private static string Number(double? value, string unit) => value is not { } number ? "" : (Math.Abs(number) switch
    {
        >= 100 => number.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => number.ToString("0.#", CultureInfo.InvariantCulture),
        _ => number.ToString("0.##", CultureInfo.InvariantCulture),
    } + " " + unit).TrimEnd();
}
