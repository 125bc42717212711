using Google.Protobuf;
using Grpc.Core;
using Plugwire.Testing.Conformance.Roles;
using Plugwire.Wire.Services.GoPlugin;

namespace Plugwire.Testing.Command.Playing;

/// <summary>What the plugin's code prints, as a go-plugin server hands it over. The token ends it with the plugin.</summary>
internal sealed class PlayedConsole(PlayedRole role, CancellationToken ended) : GRPCStdio.GRPCStdioBase
{
    // More than any window.
    private const int Chunks = 256;
    private const int ChunkBytes = 32 * 1024;

    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task StreamStdio(Google.Protobuf.WellKnownTypes.Empty request, IServerStreamWriter<StdioData> responseStream, ServerCallContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, ended);
        await role.Kit.SayAsync(ReportWords.ConsoleOpened);
        try
        {
            await _go.Task.WaitAsync(either.Token);
            var data = new StdioData { Channel = StdioData.Types.Channel.Stdout, Data = ByteString.CopyFromUtf8(new string('x', ChunkBytes - 1) + "\n") };
            for (var i = 0; i < Chunks; i++)
                await responseStream.WriteAsync(data, either.Token);
            _taken.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token);
        }
        catch (OperationCanceledException)
        {
            // The host's end, or the plugin's.
        }
    }

    /// <summary>Hands over more than anybody keeps, and waits until the host has taken it.</summary>
    public Task FloodAsync()
    {
        _go.TrySetResult();
        return _taken.Task.WaitAsync(ended);
    }
}
