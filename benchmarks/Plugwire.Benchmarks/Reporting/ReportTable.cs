using System.Globalization;
using Plugwire.Benchmarks.Contenders;
using Spectre.Console;

namespace Plugwire.Benchmarks.Reporting;

/// <summary>The report as a table: a row for each row, a column for each contender, and what was made of them.</summary>
internal static class ReportTable
{
    // Lines of a pipe are as long as what stands in them.
    private const int PipeWidth = 10_000;

    public static void Print(Report report)
    {
        var console = Open();
        console.Write(Table(report, console.Profile.Capabilities.Ansi));
        console.WriteLine(Machine(report.Machine));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Medians of {report.Rounds} rounds of about {report.SecondsPerRound} s each, the contenders in turn. Where others share the machine, the figures are noise; look at the ratios."));
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
        var table = new Table().Border(isTerminal ? TableBorder.Rounded : TableBorder.Ascii).AddColumn("what").AddColumn("in");
        var contenders = Enum.GetValues<ContenderName>().Select(name => name.Text()).ToArray();
        foreach (var contender in contenders)
            table.AddColumn(new TableColumn(contender).RightAligned().NoWrap());
        table.AddColumn(new TableColumn("compared (goal)").NoWrap());
        foreach (var row in report.Rows)
        {
            var figures = contenders.Select(contender => row.Figures.FirstOrDefault(figure => figure.Contender == contender));
            table.AddRow(
            [
                new Text(row.Name),
                new Text(row.Unit),
                .. figures.Select(figure => new Text(figure is null ? "" : Number(figure.Median))),
                new Rows(row.Comparisons.Select(Line)),
            ]);
        }

        return table;
    }

    private static Text Line(ReportComparison comparison)
    {
        var text = $"{comparison.Text}: {Number(comparison.Median)}";
        return comparison switch
        {
            { IsMet: true } => new Text($"{text} ({comparison.Goal})", new Style(Color.Green)),
            { IsMet: false } => new Text($"{text} ({comparison.Goal}) missed", new Style(Color.Red)),
            _ => new Text(text),
        };
    }

    private static string Machine(Machine machine) => string.Create(
        CultureInfo.InvariantCulture,
        $"{machine.System}, {machine.Architecture}, {machine.Processors} processors, {machine.Runtime}, load average {machine.LoadAverageBefore?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} before, {machine.LoadAverageAfter?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} after.");

    // Three digits say enough.
    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("N1", CultureInfo.InvariantCulture),
        _ => value.ToString("N2", CultureInfo.InvariantCulture),
    };
}
