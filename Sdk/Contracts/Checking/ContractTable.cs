using System.Globalization;
using System.Text;

namespace Plugwire.Checking;

/// <summary>Differences as a table for people: a row for each, its texts wrapped within their columns, and below it what the rules mean.</summary>
internal static class ContractTable
{
    private const int MostRows = 50;
    private const int Gap = 2;

    // All columns together fit on a wide terminal.
    private static readonly int[] Widest = [11, 48, 36, 36];

    /// <param name="differences">At least one.</param>
    /// <param name="here">What the one side is called.</param>
    /// <param name="there">What the other is called.</param>
    public static string Format(IReadOnlyList<ContractDifference> differences, string here, string there)
    {
        string[][] rows = [["rule", "where", here, there], .. differences.Take(MostRows).Select(row => new[] { row.Rule, row.Path, row.Here, row.There })];
        var widths = Enumerable.Range(0, Widest.Length).Select(column => Math.Min(Widest[column], rows.Max(row => row[column].Length))).ToArray();

        var text = new StringBuilder();
        AppendRow(text, rows[0], widths);
        AppendRow(text, [.. widths.Select(width => new string('-', width))], widths);
        foreach (var row in rows.Skip(1))
            AppendRow(text, row, widths);
        if (differences.Count > MostRows)
            text.Append(CultureInfo.InvariantCulture, $"… and {differences.Count - MostRows} more.\n");

        text.Append('\n');
        foreach (var rule in differences.Select(row => row.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{rule}: {ContractRules.Sentences[rule]}\n");
        return text.ToString().TrimEnd('\n');
    }

    private static void AppendRow(StringBuilder text, string[] cells, int[] widths)
    {
        var wrapped = cells.Select((cell, column) => Wrap(cell, widths[column])).ToArray();
        for (var line = 0; line < wrapped.Max(cell => cell.Count); line++)
        {
            var row = new StringBuilder();
            for (var column = 0; column < wrapped.Length; column++)
                row.Append((line < wrapped[column].Count ? wrapped[column][line] : "").PadRight(widths[column] + Gap));
            text.Append(row.ToString().TrimEnd()).Append('\n');
        }
    }

    // Breaks behind a blank or in front of a dot; a name that has neither is cut.
    private static List<string> Wrap(string cell, int width)
    {
        var lines = new List<string>();
        var rest = cell.AsSpan();
        while (rest.Length > width)
        {
            var blank = rest[..(width + 1)].LastIndexOf(' ');
            var dot = rest[..width].LastIndexOf('.');
            var length = blank > 0 ? blank : dot > 0 ? dot : width;
            lines.Add(rest[..length].ToString());
            rest = rest[length..].TrimStart(' ');
        }

        lines.Add(rest.ToString());
        return lines;
    }
}
