using Grpc.Core;

namespace Plugwire.Testing.Probes.Observing;

/// <summary>The responses of a handler; notes what it writes, and that a write waits.</summary>
internal sealed class ObservedWriter<T>(IServerStreamWriter<T> writer, ObservedCall call) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => writer.WriteOptions;
        set => writer.WriteOptions = value;
    }

    public Task WriteAsync(T message) => NotedAsync(message, writer.WriteAsync(message));

    public Task WriteAsync(T message, CancellationToken cancellationToken) => NotedAsync(message, writer.WriteAsync(message, cancellationToken));

    private async Task NotedAsync(T message, Task writing)
    {
        if (!writing.IsCompleted)
        {
            call.NoteWaiting(true);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            call.NoteWaiting(false);
        }

        await writing.ConfigureAwait(false);
        call.NoteResponse(MessageSize.OnTheWire(message));
    }
}
