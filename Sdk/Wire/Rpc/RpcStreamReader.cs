using Grpc.Core;

namespace Plugwire.Wire.Rpc;

/// <summary>What comes in on a call, on either side, for one reader.</summary>
internal sealed class RpcStreamReader<T>(RpcStream<T> stream) : IAsyncStreamReader<T>
    where T : class
{
    private static readonly Task<bool> Yes = Task.FromResult(true);

    private T? _current;

    public T Current
    {
        get => _current ?? throw new InvalidOperationException("There is no current message: MoveNext has not answered true.");
        internal set => _current = value;
    }

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            // A message that is there costs no task.
            return !cancellationToken.IsCancellationRequested && stream.TryTakeNext(this) ? Yes : stream.MoveNextAsync(this, cancellationToken);
        }
        catch (RpcException exception)
        {
            return Task.FromException<bool>(exception);
        }
    }
}
