using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Google.Protobuf;
using Plugwire.Wire.Services.GoPlugin;

namespace Plugwire.TestPlugins.Conformance.ByHand;

/// <summary>Logs as hclog does, and hands over what is printed.</summary>
internal sealed class HandmadeOutput(Fault fault) : PluginOutput
{
    private readonly Channel<StdioData> _console = Channel.CreateUnbounded<StdioData>();

    public ChannelReader<StdioData> Console => _console.Reader;

    public async Task BeginAsync()
    {
        if (fault.Breaks("log.json-fields"))
            await System.Console.Error.WriteLineAsync("""{"@level":"info","@message":1}""");
        if (fault.Breaks("log.json-timestamp"))
            await System.Console.Error.WriteLineAsync("""{"@level":"info","@message":"It begins.","@timestamp":"2026-11-22T06:32:34.325Z"}""");
        if (fault.Breaks("log.text"))
            await System.Console.Error.WriteLineAsync("It begins.\0");
        Log("It begins.");
    }

    public override void Log(string text)
    {
        if (fault.Breaks("log.line"))
            return;
        if (fault.Breaks("log.structured"))
        {
            System.Console.Error.WriteLine(text);
            return;
        }

        System.Console.Error.WriteLine(new JsonObject
        {
            ["@level"] = "info",
            ["@message"] = text,
            ["@timestamp"] = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffK", CultureInfo.InvariantCulture),
        }.ToJsonString());
    }

    public override void Print(string text)
    {
        if (fault.Breaks("console.not-on-stdout") || fault.Breaks("console.flood"))
            System.Console.Out.Write(text);
        else if (!fault.Breaks("console.output-delivered"))
            _console.Writer.TryWrite(new StdioData { Channel = StdioData.Types.Channel.Stdout, Data = ByteString.CopyFromUtf8(text) });
    }

    public override void PrintError(string text)
    {
        if (!fault.Breaks("console.error-delivered"))
            System.Console.Error.Write(text);
    }

    public void End() => _console.Writer.TryComplete();
}
