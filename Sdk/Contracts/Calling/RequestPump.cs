using Grpc.Core;
using Plugwire.Streaming;

namespace Plugwire.Calling;

/// <summary>
/// Writes what a caller's enumerable gives into a call, beside the reading of its responses, so that neither ever waits for the other. It belongs to its call, and is the
/// only one to touch the enumerator, one step after the other.
/// </summary>
/// <param name="requests">The caller's.</param>
/// <param name="writer">The call's.</param>
/// <param name="call">Ends the call when disposed.</param>
/// <param name="status">Answers how the call has ended, and throws while it has not.</param>
/// <param name="tokens">By which the caller cancels.</param>
/// <param name="link">The token that the enumerable gets: it fires with those, and when the call is over.</param>
/// <param name="timeProvider">Measures the patience.</param>
internal sealed class RequestPump<TRequest>(
    IAsyncEnumerable<TRequest> requests,
    IClientStreamWriter<TRequest> writer,
    IDisposable call,
    Func<Status> status,
    CallTokens tokens,
    LinkedCancellation link,
    TimeProvider timeProvider)
    where TRequest : class
{
    // How long the end of a call waits for an enumerable that is asked to end, and for its disposal.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private Task _running = Task.CompletedTask;
    private volatile Exception? _failure;

    /// <summary>What the requests failed with while the call was under way: then this is what the call ends with.</summary>
    public Exception? Failure => _failure;

    /// <summary>Begins, on the pool: an enumerable that never waits must not hold its caller.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>
    /// Tells the enumerable that the call is over, and waits a moment until it has ended and is disposed of. If it has not by then, it is disposed of as soon as it
    /// ends, and nobody waits for that. What it throws from here on changes nothing about the call.
    /// </summary>
    public async Task StopAsync()
    {
        // Not every enumerable that has ended is one whose parts have: whoever else has the token hears of the end too.
        var stopped = Task.WhenAll(link.CancelAsync(), _running);
        if (!stopped.IsCompleted)
            stopped = stopped.WaitAsync(Patience, timeProvider);
        await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        link.Release();
    }

    private async Task RunAsync()
    {
        if (link.Token.IsCancellationRequested)
            return;

        IAsyncEnumerator<TRequest>? source = null;
        var isWhole = false;
        try
        {
            source = requests.GetAsyncEnumerator(link.Token);
            isWhole = await WriteAllAsync(source).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        try
        {
            if (source is not null)
                await source.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        if (isWhole && _failure is null)
            await CompleteAsync().ConfigureAwait(false);
    }

    /// <returns>Whether the enumerable was written to its end.</returns>
    private async Task<bool> WriteAllAsync(IAsyncEnumerator<TRequest> source)
    {
        while (await source.MoveNextAsync().ConfigureAwait(false))
        {
            if (link.Token.IsCancellationRequested)
                return false;

            var request = source.Current ?? throw new InvalidOperationException(
                $"The enumerable of requests gave null where a {typeof(TRequest).Name} was expected: a stream carries messages only. Leave out what there is not.");
            try
            {
                await writer.WriteAsync(request).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                NoteWriteFailure(exception);
                return false;
            }
        }

        return true;
    }

    private async Task CompleteAsync()
    {
        try
        {
            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            NoteWriteFailure(exception);
        }
    }

    // A write fails, as a rule, because the call is over, and then its responses tell how. Or because the one message cannot be sent: then a server would wait for
    // more for ever, or, if the requests were completed here, take half of them for the whole.
    private void NoteWriteFailure(Exception exception)
    {
        if (exception is not (OperationCanceledException or IOException or RpcException { StatusCode: StatusCode.Cancelled }))
            Fail(exception);
    }

    private bool HasEnded()
    {
        try
        {
            status();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void Fail(Exception exception)
    {
        // Asked to end, it may end as it likes, and of a call that has ended there is nothing to change.
        if (link.Token.IsCancellationRequested || tokens.Fired.IsCancellationRequested || _failure is not null || HasEnded())
            return;

        _failure = exception;
        call.Dispose();
    }
}
