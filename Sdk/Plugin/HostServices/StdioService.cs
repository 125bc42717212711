using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Output;
using Plugwire.Wire.Services.GoPlugin;

namespace Plugwire.HostServices;

/// <summary>
/// go-plugin's standard streams: the plugin's console output, from its first byte on. Each byte goes to one call; a second call
/// waits until the first has ended and goes on where it stopped. Standard error does not come this way: it is the log channel.
/// </summary>
internal sealed partial class StdioService(OutputBuffer output, ILogger logger) : GRPCStdio.GRPCStdioBase, IDisposable
{
    private const int ChunkBytes = 16 * 1024;

    private readonly SemaphoreSlim _turn = new(1);

    public override async Task StreamStdio(Google.Protobuf.WellKnownTypes.Empty request, IServerStreamWriter<StdioData> responseStream, ServerCallContext context)
    {
        await _turn.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        try
        {
            // Tells the host that this call has its turn, though there may be no output for a long time.
            await context.WriteResponseHeadersAsync([]).ConfigureAwait(false);
            while (await output.PeekAsync(ChunkBytes, context.CancellationToken).ConfigureAwait(false) is { } chunk)
            {
                if (output.TakeDropped() is var dropped and > 0)
                    Log.Dropped(logger, dropped);

                var data = new StdioData { Channel = StdioData.Types.Channel.Stdout, Data = UnsafeByteOperations.UnsafeWrap(chunk.Bytes) };
                await responseStream.WriteAsync(data, context.CancellationToken).ConfigureAwait(false);
                output.Advance(chunk.End);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static partial class Log
    {
        [LoggerMessage(21, LogLevel.Warning, "{Bytes} bytes of console output were dropped: the host reads them more slowly than they are written.",
            EventName = "ConsoleOutputDropped")]
        public static partial void Dropped(ILogger logger, long bytes);
    }
}
