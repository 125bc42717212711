using Grpc.Core;

namespace Plugwire.Testing.Fakes.Direct;

/// <summary>What stands behind a call object: its end, told once.</summary>
internal sealed class ScriptedCall(Metadata? headers, Metadata? trailers) : IDisposable
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Status? _status;
    private Metadata _trailers = trailers ?? [];

    public Task<Metadata> Headers { get; } = Task.FromResult(headers ?? []);

    public Status Status
    {
        get
        {
            lock (_gate)
                return _status ?? throw new InvalidOperationException("The call has not ended: it has no status yet.");
        }
    }

    public Metadata Trailers
    {
        get
        {
            lock (_gate)
                return _status is null ? throw new InvalidOperationException("The call has not ended: it has no trailers yet.") : _trailers;
        }
    }

    public void Dispose() => _disposed.TrySetResult();

    /// <summary>The task's result, unless the call is disposed of before, which cancels it.</summary>
    /// <param name="task">What comes.</param>
    /// <param name="endsCall">Whether the result is the call's end.</param>
    public async Task<T> FollowAsync<T>(Task<T> task, Func<T, bool> endsCall)
    {
        try
        {
            if (await Task.WhenAny(task, _disposed.Task).ConfigureAwait(false) != task)
                throw new RpcException(new Status(StatusCode.Cancelled, "The call was disposed of before it had ended."));
            var result = await task.ConfigureAwait(false);
            if (endsCall(result))
                End(Status.DefaultSuccess, null);
            return result;
        }
        catch (RpcException failure)
        {
            End(failure.Status, failure.Trailers);
            throw;
        }
        catch (Exception failure)
        {
            End(new Status(failure is OperationCanceledException ? StatusCode.Cancelled : StatusCode.Unknown, failure.Message, failure), null);
            throw;
        }
    }

    public IAsyncStreamReader<T> Follow<T>(IAsyncStreamReader<T> reader) => new Reader<T>(this, reader);

    private void End(Status status, Metadata? ofFailure)
    {
        lock (_gate)
        {
            if (_status is not null)
                return;
            _status = status;
            if (ofFailure is { Count: > 0 })
                _trailers = ofFailure;
        }
    }

    private sealed class Reader<T>(ScriptedCall call, IAsyncStreamReader<T> reader) : IAsyncStreamReader<T>
    {
        public T Current => reader.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => call.FollowAsync(reader.MoveNext(cancellationToken), static moved => !moved);
    }
}
