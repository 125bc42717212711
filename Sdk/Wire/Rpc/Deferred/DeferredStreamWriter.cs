using Grpc.Core;

namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>The requests of a call that may not exist yet.</summary>
/// <param name="stream">The stream, once there is a call.</param>
/// <param name="end">Ends the call: as everywhere in gRPC, cancelling one write cancels the whole.</param>
/// <param name="writeOptions">The options of all writes until others are set.</param>
internal sealed class DeferredStreamWriter<T>(Task<IClientStreamWriter<T>> stream, Action end, WriteOptions? writeOptions) : IClientStreamWriter<T>
{
    public WriteOptions? WriteOptions { get; set; } = writeOptions;

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (!stream.IsCompleted)
        {
            using var registration = cancellationToken.UnsafeRegister(static end => ((Action)end!)(), end);
            await ((Task)stream).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var requests = await stream.ConfigureAwait(false);
        requests.WriteOptions = WriteOptions;
        await requests.WriteAsync(message, cancellationToken).ConfigureAwait(false);
    }

    public async Task CompleteAsync()
    {
        var requests = await stream.ConfigureAwait(false);
        await requests.CompleteAsync().ConfigureAwait(false);
    }
}
