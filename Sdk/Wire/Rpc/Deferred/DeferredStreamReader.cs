using Grpc.Core;

namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>The answers of a call that may not exist yet.</summary>
/// <param name="stream">The stream, once there is a call.</param>
/// <param name="end">Ends the call: as everywhere in gRPC, cancelling one read cancels the whole.</param>
internal sealed class DeferredStreamReader<T>(Task<IAsyncStreamReader<T>> stream, Action end) : IAsyncStreamReader<T>
{
    public T Current => stream.IsCompletedSuccessfully
        ? stream.GetAwaiter().GetResult().Current
        : throw new InvalidOperationException("There is no current element before the first read has ended.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!stream.IsCompleted)
        {
            using var registration = cancellationToken.UnsafeRegister(static end => ((Action)end!)(), end);
            await ((Task)stream).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var answers = await stream.ConfigureAwait(false);
        return await answers.MoveNext(cancellationToken).ConfigureAwait(false);
    }
}
