using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>The requests of a call, for one reader.</summary>
internal sealed class ServerStreamReader<TRequest, TResponse>(ServerCall<TRequest, TResponse> call) : IAsyncStreamReader<TRequest>
    where TRequest : class
    where TResponse : class
{
    private static readonly Task<bool> Yes = Task.FromResult(true);

    private TRequest? _current;

    public TRequest Current
    {
        get => _current ?? throw new InvalidOperationException("There is no current message: MoveNext has not answered true.");
        internal set => _current = value;
    }

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            // A message that is there costs no task.
            return !cancellationToken.IsCancellationRequested && call.TryTakeNext(this) ? Yes : call.MoveNextAsync(this, cancellationToken);
        }
        catch (RpcException exception)
        {
            return Task.FromException<bool>(exception);
        }
    }
}
