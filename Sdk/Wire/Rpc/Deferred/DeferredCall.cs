using Grpc.Core;

namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>What the four kinds of deferred calls have in common: the wait for the peer, and the one place that ends it.</summary>
/// <typeparam name="TCall">The peer's own call: <c>AsyncUnaryCall</c> and the like.</typeparam>
internal sealed class DeferredCall<TCall>
    where TCall : class, IDisposable
{
    // Linked to the caller's token, and so to be let go when the call is over: the caller's may live as long as its process.
    private readonly CancellationTokenSource _ended;
    private readonly CancellationToken _endedToken;
    private int _released;

    private DeferredCall(DeferredPeer peer, IMethod method, CallOptions options, Func<CallInvoker, CallOptions, TCall> begin)
    {
        _ended = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        _endedToken = _ended.Token;
        Begun = DeferredTask.Observe(BeginAsync(peer, method, options, begin));
    }

    /// <summary>The peer's own call, once there is one; faults with the status of a call that never came to be.</summary>
    public Task<TCall> Begun { get; }

    public static DeferredCall<TCall> Begin(DeferredPeer peer, IMethod method, CallOptions options, Func<CallInvoker, CallOptions, TCall> begin) =>
        new(peer, method, options, begin);

    /// <summary>The task that ends with the call.</summary>
    public Task<TResponse> ToTheEndAsync<TResponse>(Func<TCall, Task<TResponse>> response)
    {
        return DeferredTask.Observe(ResponseAsync());

        async Task<TResponse> ResponseAsync()
        {
            try
            {
                return await response(await Begun.ConfigureAwait(false)).ConfigureAwait(false);
            }
            finally
            {
                if (Interlocked.Exchange(ref _released, 1) == 0)
                    _ended.Dispose();
            }
        }
    }

    /// <summary>What a call answers about its end: by the peer's own call, or by the status of the wait that failed.</summary>
    public TResult Ask<TResult>(Func<TCall, TResult> ask, Func<Status, TResult> whenNotBegun) => Begun switch
    {
        { IsCompletedSuccessfully: true } => ask(Begun.GetAwaiter().GetResult()),
        { IsFaulted: true, Exception.InnerException: RpcException failure } => whenNotBegun(failure.Status),
        _ => throw new InvalidOperationException("The call has not ended: it has not even begun."),
    };

    /// <summary>Ends the call: the peer's own, or the wait for it. Also what the caller's Dispose does.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _ended.Cancel();
            _ended.Dispose();
        }

        if (Begun.IsCompletedSuccessfully)
            Begun.GetAwaiter().GetResult().Dispose();
    }

    private async Task<TCall> BeginAsync(DeferredPeer peer, IMethod method, CallOptions options, Func<CallInvoker, CallOptions, TCall> begin)
    {
        var invoker = await peer.WaitAsync(method, options.Deadline, options.IsWaitForReady, _endedToken).ConfigureAwait(false);

        // The call keeps this token: so an end that comes between the wait and the call ends the call as well.
        return begin(invoker, options.WithCancellationToken(_endedToken));
    }
}
