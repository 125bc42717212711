using System.Globalization;
using System.Text;
using Grpc.Core;

namespace Plugwire.Hosting.Failures;

/// <summary>Puts the text of a <see cref="PluginCallException"/> together, one line for each thing there is to say.</summary>
internal static class PluginCallMessage
{
    public static string Compose(string pluginName, string method, in Status status, PluginCallReason reason, CallExecution execution, PluginLoss? loss)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The call of {method} on plugin '{pluginName}' failed with {status.StatusCode}");
        text.Append(string.IsNullOrEmpty(status.Detail) ? "." : ": " + MessageLines.Shorten(status.Detail));

        // A plugin that stops says so in its own words, and the host says on whose wish.
        if (loss is not null && loss.Reason != status.Detail)
            MessageLines.Append(text, "", loss.Reason);
        MessageLines.Append(text, "", DescribeExecution(reason, execution));

        // The message of a start that failed quotes them already, and a single line stands in the sentence about the process's end.
        if (reason != PluginCallReason.NotStarted && loss is not null && MessageLines.Last(loss.StandardErrorTail) is { Length: > 1 } lines)
            MessageLines.AppendQuote(text, "Its last lines on standard error:", lines);
        return text.ToString();
    }

    private static string? DescribeExecution(PluginCallReason reason, CallExecution execution) => execution switch
    {
        CallExecution.NotSent => "The plugin has not executed the call.",
        _ when reason is PluginCallReason.Status or PluginCallReason.Cancelled => null,
        _ => "The plugin may have executed the call.",
    };
}
