using Grpc.Core;
using Plugwire.Streaming;

namespace Plugwire.Handling;

/// <summary>The requests of one call to its handler.</summary>
/// <param name="reader">The server's.</param>
/// <param name="method">For messages.</param>
/// <param name="handled">The handler's token.</param>
internal sealed class RequestStream<TRequest>(IAsyncStreamReader<TRequest> reader, IMethod method, CancellationToken handled) : MessageStream<TRequest>
    where TRequest : class
{
    private CancellationToken _enumerator;
    private bool _isOver;

    protected override string TakenTwice =>
        $"The requests of this call of {method.FullName} are being enumerated, or have been: they come once. Enumerate them once, and keep what is needed again.";

    protected override bool IsOver => _isOver;

    protected override bool MustSettle => false;

    protected override TRequest Message => reader.Current;

    // A handler that reads no further answers without the rest, and the server sees to that.
    public override ValueTask DisposeAsync()
    {
        _isOver = true;
        return ValueTask.CompletedTask;
    }

    protected override void OnTaken(CancellationToken cancellationToken) => _enumerator = cancellationToken == handled ? default : cancellationToken;

    // The handler's own token is not passed on: its reader knows of the call's end by itself, and of what ended it.
    protected override Task<bool> ReadNextAsync() => reader.MoveNext(_enumerator);

    protected override async Task<bool> SettleAsync(Task<bool> moving)
    {
        _isOver = true;
        try
        {
            return await moving.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            // A server may say in words of its transport that there is nobody any more to read from.
            if (_enumerator.IsCancellationRequested && !handled.IsCancellationRequested)
                throw new OperationCanceledException("The reading of the requests was cancelled.", exception, _enumerator);
            if (handled.IsCancellationRequested || exception is IOException)
                throw new OperationCanceledException("The call is over: its requests cannot be read any more.", exception, handled);
            throw;
        }
    }
}
