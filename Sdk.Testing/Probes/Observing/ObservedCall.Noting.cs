using Grpc.Core;
using Plugwire.Testing.Probes;
using Plugwire.Testing.Probes.Metering;
using Plugwire.Testing.Probes.Observing;

namespace Plugwire.Testing;

// What the observer tells, on the handler's own threads.
public sealed partial class ObservedCall
{
    internal void NoteRequest() => Change(static progress => progress with { RequestsRead = progress.RequestsRead + 1 });

    internal void NoteRequestsEnd() => Change(static progress => progress with { HasReadAllRequests = true });

    internal void NoteWaiting(bool isWaiting) => Change(progress => progress with { IsWriteWaiting = isWaiting });

    internal void NoteResponse(int bytes) => Change(progress => progress with { ResponsesWritten = progress.ResponsesWritten + 1, ResponseBytes = progress.ResponseBytes + bytes });

    internal async Task RunAsync(Func<Task> handler)
    {
        try
        {
            await handler().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            NoteEnd(failure);
            throw;
        }

        NoteEnd(null);
    }

    internal async Task<TResponse> RunAsync<TResponse>(Func<Task<TResponse>> handler)
    {
        TResponse response;
        try
        {
            response = await handler().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            NoteEnd(failure);
            throw;
        }

        NoteResponse(MessageSize.OnTheWire(response));
        NoteEnd(null);
        return response;
    }

    private void NoteCancelled() => Change(progress => progress with { Cancellation = CancellationReason.Of(_context) });

    private void NoteEnd(Exception? failure)
    {
        _registration.Unregister();
        var status = failure switch
        {
            null => _context.Status,
            RpcException rpc => rpc.Status,
            OperationCanceledException when _context.CancellationToken.IsCancellationRequested => new Status(StatusCode.Cancelled, failure.Message),
            _ => new Status(StatusCode.Unknown, failure.Message),
        };
        Change(progress => progress with { Status = status, Failure = failure, Cancellation = CancellationReason.Of(_context) });
    }

    private void Change(Func<CallProgress, CallProgress> change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _progress = change(_progress);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }

    private WriterState WriterState()
    {
        var progress = Progress;
        return new WriterState(progress.ResponsesWritten, progress.ResponseBytes, progress.IsWriteWaiting, progress.Status is null ? null : ToString());
    }

    private string Describe(string? expectation) => $"Of a handled call was expected: {expectation}. {this}";
}
