using System.Globalization;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Probes;

namespace Plugwire.Testing;

/// <summary>
/// A stream that the test feeds: the requests of a call, the responses of a handler, what else takes an enumerable. Nothing is kept in it: a write ends when the reader has taken the message.
/// It sees what its reader does. The test's side is for one thread at a time; it is enumerated once.
/// </summary>
/// <typeparam name="T">The messages' type.</typeparam>
public sealed class StreamSource<T> : IAsyncEnumerable<T>
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SourceReader<T>? _reader;
    private PendingWrite<T>? _write;
    private TaskCompletionSource? _idle;
    private SourceEnd? _end;
    private long _taken;

    /// <summary>How many messages the reader has taken.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
                return _taken;
        }
    }

    internal TimeSpan Limit { get; init; } = Expectation.Limit;

    /// <summary>Gives the reader a message. Ends when the reader has taken it, which it is given 30 s for; that it has done anything with it is another matter.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Takes the message back.</param>
    /// <exception cref="ExpectationException">The reader does not take it, or reads no more. The message is taken back.</exception>
    /// <exception cref="InvalidOperationException">The previous write has not ended, or the stream has been completed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WriteAsync(T message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var write = new PendingWrite<T>(message);
        lock (_gate)
        {
            if (_end is not null)
                throw new InvalidOperationException("This stream has been completed, or failed: nothing can be written after that.");
            if (_write is not null)
                throw new InvalidOperationException("The previous write on this stream has not ended: await each before the next.");
            if (_disposed.Task.IsCompleted)
                throw new ExpectationException(Describe(message));
            _write = write;
            Serve();
        }

        try
        {
            await Expectation.MetAsync(write.Taken, Limit, () => Describe(message), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (_write == write)
                    _write = null;
            }
        }
    }

    /// <summary>Ends the stream well, after what is being written. Has no effect on a stream that has ended.</summary>
    public void Complete() => End(new SourceEnd(null));

    /// <summary>Lets the stream fail, after what is being written. Has no effect on a stream that has ended.</summary>
    /// <param name="failure">What its reader gets.</param>
    public void Fail(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        End(new SourceEnd(failure));
    }

    /// <summary>
    /// That the reader waits for a message: it has done with all that it has taken. A caller's or handler's connection asks for the next when the one before is on its way.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">It has not asked within 30 s, or reads no more.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task ExpectWaitingAsync(CancellationToken cancellationToken = default)
    {
        Task idle;
        lock (_gate)
        {
            if (_reader?.IsWaiting == true)
                return;
            idle = (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await Expectation.MetAsync(Task.WhenAny(idle, _disposed.Task), Limit, () => Describe("was expected to wait for a message"), cancellationToken).ConfigureAwait(false);
        if (!idle.IsCompleted)
            throw new ExpectationException(Describe("was expected to wait for a message"));
    }

    /// <summary>That the reader reads no more: it has disposed of its enumeration.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">It has not done so within 30 s.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task ExpectDisposedAsync(CancellationToken cancellationToken = default) =>
        Expectation.MetAsync(_disposed.Task, Limit, () => Describe("was expected to dispose of its enumeration"), cancellationToken);

    /// <summary>That the reader's token has fired: for the requests of a call that the call is over, for the responses of a handler that it is cancelled.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">It has not fired within 30 s.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task ExpectCancelledAsync(CancellationToken cancellationToken = default) =>
        Expectation.MetAsync(_cancelled.Task, Limit, () => Describe("was expected to be cancelled by its token"), cancellationToken);

    /// <summary>For the reader.</summary>
    /// <param name="cancellationToken">Cancels a read that waits.</param>
    /// <exception cref="InvalidOperationException">It has been enumerated before.</exception>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        SourceReader<T> reader;
        lock (_gate)
        {
            if (_reader is not null)
                throw new InvalidOperationException("This stream of a test is being enumerated, or has been: it can be read once. Make a new StreamSource for each call.");
            _reader = reader = new SourceReader<T>(Asked, Cancelled, Disposed);
        }

        reader.Follow(cancellationToken);
        return reader;
    }

    private void Asked()
    {
        lock (_gate)
            Serve();
    }

    private void Cancelled()
    {
        _cancelled.TrySetResult();
        lock (_gate)
            _reader!.Cancel();
    }

    private void Disposed()
    {
        PendingWrite<T>? write;
        lock (_gate)
        {
            _disposed.TrySetResult();
            (write, _write) = (_write, null);
        }

        write?.Refuse(new ExpectationException(Describe(write.Message)));
    }

    private void End(SourceEnd end)
    {
        lock (_gate)
        {
            _end ??= end;
            Serve();
        }
    }

    // Under the gate: brings together what is there with who waits for it.
    private void Serve()
    {
        if (_reader is not { IsWaiting: true } reader)
            return;

        if (_write is { } write)
        {
            _write = null;
            _taken++;
            reader.Take(write.Message);
            write.Accept();
        }
        else if (_end is { } end)
        {
            reader.End(end.Failure);
        }
        else
        {
            _idle?.TrySetResult();
            _idle = null;
        }
    }

    private string Describe(T message) => Describe(string.Create(CultureInfo.InvariantCulture, $"was expected to take message {Count + 1}, {MessageText.Of(message)}"));

    private string Describe(string expectation)
    {
        lock (_gate)
        {
            var state = _reader is null ? "nobody has begun to read"
                : _disposed.Task.IsCompleted ? _cancelled.Task.IsCompleted ? "it has been cancelled and reads no more" : "it reads no more"
                : _reader.IsWaiting ? "it waits for a message"
                : _cancelled.Task.IsCompleted ? "it has been cancelled, and does not ask for a message"
                : "it does not ask for a message";
            return $"The reader of the stream of {typeof(T).Name} {expectation}, and {state}. It has taken {MessageText.Count(_taken, "message")}.";
        }
    }
}
