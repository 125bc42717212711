using System.Globalization;
using System.Text;

namespace Plugwire.Hosting.Failures;

/// <summary>Puts the text of a <see cref="PluginStartException"/> together, one line for each thing there is to say.</summary>
internal static class PluginStartMessage
{
    public static string Compose(PluginStartFailure failure)
    {
        var evidence = failure.Evidence;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Plugin '{failure.PluginName}' did not start: {NameOf(failure.Stage)} failed after {Format(failure.Elapsed)}.");
        MessageLines.Append(text, "Expected: ", failure.Expected);
        MessageLines.Append(text, "Found: ", failure.Found);
        if (failure.Table is { } table)
            text.Append("\n\n").Append(table).Append('\n');
        MessageLines.Append(text, "The process ", DescribeExit(evidence));
        MessageLines.AppendQuote(text, "Its last lines on standard error:", MessageLines.Last(evidence.StandardErrorTail));
        MessageLines.AppendQuote(text, "What stood on its standard output:", MessageLines.First(evidence.StandardOutput));
        MessageLines.Append(text, "What to do: ", failure.Advice);
        return text.ToString();
    }

    private static string NameOf(PluginStartStage stage) => stage switch
    {
        PluginStartStage.Resolve => "finding its program",
        PluginStartStage.LaunchDirectory => "making its launch directory",
        PluginStartStage.Copy => "copying its files",
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
}
