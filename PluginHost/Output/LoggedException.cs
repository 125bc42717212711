namespace Plugwire.Hosting.Output;

/// <summary>An exception that was logged in another process: for sinks, which show an exception by its text.</summary>
internal sealed class LoggedException(string text) : Exception(FirstLine(text))
{
    public override string ToString() => text;

    private static string FirstLine(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }
}
