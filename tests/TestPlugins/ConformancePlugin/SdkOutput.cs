using Microsoft.Extensions.Logging;

namespace Plugwire.TestPlugins.Conformance;

internal sealed partial class SdkOutput(ILogger<SdkOutput> logger) : PluginOutput
{
    public override void Log(string text) => Entries.Noted(logger, text);

    public override void Print(string text)
    {
        Console.Out.Write(text);
        Console.Out.Flush();
    }

    public override void PrintError(string text)
    {
        Console.Error.Write(text);
        Console.Error.Flush();
    }

    private static partial class Entries
    {
        [LoggerMessage(1, LogLevel.Information, "{Text}")]
        public static partial void Noted(ILogger logger, string text);
    }
}
