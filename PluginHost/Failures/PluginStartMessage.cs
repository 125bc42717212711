using System.Globalization;
using System.Text;

namespace Plugwire.Hosting.Failures;

/// <summary>Puts the text of a <see cref="PluginStartException"/> together, one line for each thing there is to say.</summary>
internal static class PluginStartMessage
{
    private const int MostLines = 20;
    private const int MostCharacters = 2000;

    public static string Compose(PluginStartFailure failure)
    {
        var evidence = failure.Evidence;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Plugin '{failure.PluginName}' did not start: {NameOf(failure.Stage)} failed after {Format(failure.Elapsed)}.");
        AppendLine(text, "Expected: ", failure.Expected);
        AppendLine(text, "Found: ", failure.Found);
        if (failure.Table is { } table)
            text.Append("\n\n").Append(table).Append('\n');
        AppendLine(text, "The process ", DescribeExit(evidence));
        AppendQuote(text, "Its last lines on standard error:", LastLines(evidence.StandardErrorTail));
        AppendQuote(text, "What stood on its standard output:", FirstLines(evidence.StandardOutput));
        AppendLine(text, "What to do: ", failure.Advice);
        return text.ToString();
    }

    private static string NameOf(PluginStartStage stage) => stage switch
    {
        PluginStartStage.Resolve => "finding its program",
        PluginStartStage.LaunchDirectory => "making its launch directory",
        PluginStartStage.Spawn => "starting its process",
        PluginStartStage.Handshake => "its handshake",
        PluginStartStage.Connect => "connecting to it",
        PluginStartStage.Check => "checking its health",
        PluginStartStage.Contracts => "checking its contracts",
        _ => stage.ToString(),
    };

    private static string Format(TimeSpan elapsed) => elapsed < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0} s");

    private static string? DescribeExit(PluginStartEvidence evidence) => evidence switch
    {
        { Signal: { } signal } => $"was ended by {SignalName.Of(signal)}.",
        { ExitCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"exited with code {code}."),
        _ => null,
    };

    private static void AppendLine(StringBuilder text, string label, string? sentence)
    {
        // A sentence may quote what the plugin said: a field of its handshake, the text of a status.
        if (!string.IsNullOrEmpty(sentence))
            text.Append('\n').Append(label).Append(Shorten(PrintableText.Of(sentence)));
    }

    private static void AppendQuote(StringBuilder text, string label, string[] lines)
    {
        if (lines.Length == 0)
            return;

        text.Append('\n').Append(label);
        foreach (var line in lines)
            text.Append("\n  | ").Append(line);
    }

    private static string Shorten(string sentence) => sentence.Length > MostCharacters ? sentence[..MostCharacters] + "…" : sentence;

    private static string[] LastLines(string output)
    {
        var lines = Lines(output.Length > MostCharacters ? "…" + output[^MostCharacters..] : output);
        return lines.Length > MostLines ? ["…", .. lines[^MostLines..]] : lines;
    }

    private static string[] FirstLines(string output)
    {
        var lines = Lines(output.Length > MostCharacters ? output[..MostCharacters] + "…" : output);
        return lines.Length > MostLines ? [.. lines[..MostLines], "…"] : lines;
    }

    private static string[] Lines(string output)
    {
        var printable = PrintableText.Of(output).TrimEnd('\n');
        return printable.Length == 0 ? [] : printable.Split('\n');
    }
}
