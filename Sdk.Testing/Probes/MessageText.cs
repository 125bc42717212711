using System.Globalization;

namespace Plugwire.Testing.Probes;

/// <summary>Messages in the text of a failure: enough to know them by, never all of a big one.</summary>
internal static class MessageText
{
    private const int Longest = 200;

    public static string Of(object? message)
    {
        var text = message?.ToString() ?? "null";
        return text.Length <= Longest ? text : string.Create(CultureInfo.InvariantCulture, $"{text[..Longest]}… ({text.Length} characters)");
    }

    public static string Of(Exception failure) => $"{failure.GetType().Name}: {failure.Message}";

    public static string Count(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
