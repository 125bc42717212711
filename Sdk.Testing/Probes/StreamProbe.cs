using System.Runtime.CompilerServices;
using Grpc.Core;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Probes;

namespace Plugwire.Testing;

/// <summary>
/// Reads a stream step by step, and checks each step: the responses of a call, the requests in a handler, any other enumerable. It never reads ahead: what a test takes is what is pulled out of
/// the stream. (What a connection has brought already waits below it, bounded by the stream's window.) For one thread at a time.
/// </summary>
/// <typeparam name="T">The messages' type.</typeparam>
public sealed class StreamProbe<T> : IAsyncDisposable
{
    private readonly IAsyncEnumerable<T> _stream;
    private readonly CancellationTokenSource _reading = new();
    private readonly ReceivedMessages _received = new();
    private IAsyncEnumerator<T>? _enumerator;
    private Task<StreamStep<T>>? _step;
    private StreamStep<T>? _last;
    private bool _isDisposed;

    /// <summary>Makes a probe of a stream. Its enumeration begins with the first step.</summary>
    /// <param name="stream">The stream, which is enumerated once. The probe ends the enumeration when it is disposed of.</param>
    public StreamProbe(IAsyncEnumerable<T> stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
    }

    /// <summary>How many messages the test has taken.</summary>
    public long Count => _received.Count;

    internal TimeSpan Limit { get; init; } = Expectation.Limit;

    /// <summary>Takes the next message, and no more than that. Waits for it for 30 s at most.</summary>
    /// <param name="cancellationToken">Ends the waiting; the message that was waited for is the next one then.</param>
    /// <exception cref="ExpectationException">The stream ends or fails instead, or nothing comes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<T> NextAsync(CancellationToken cancellationToken = default)
    {
        var step = await StepAsync("The next message was expected", cancellationToken).ConfigureAwait(false);
        return step.HasMessage ? step.Message : throw Unexpected("The next message was expected", step);
    }

    /// <summary>Takes the next message, which has to be equal to the expected one.</summary>
    /// <param name="expected">Compared by <see cref="object.Equals(object)"/>, as messages of Protocol Buffers are compared by their content.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">Another message comes, the stream ends or fails, or nothing comes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task ExpectAsync(T expected, CancellationToken cancellationToken = default)
    {
        var expectation = $"The message {MessageText.Of(expected)} was expected";
        var step = await StepAsync(expectation, cancellationToken).ConfigureAwait(false);
        if (!step.HasMessage || !Equals(step.Message, expected))
            throw Unexpected(expectation, step);
    }

    /// <summary>Takes the next messages, exactly so many, and reads no further.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">The stream ends or fails before, or for 30 s nothing comes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<IReadOnlyList<T>> TakeAsync(int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var messages = new List<T>(count);
        while (messages.Count < count)
        {
            var expectation = $"{MessageText.Count(count, "message")} were to be taken, and message {messages.Count + 1} of them was expected";
            var step = await StepAsync(expectation, cancellationToken).ConfigureAwait(false);
            messages.Add(step.HasMessage ? step.Message : throw Unexpected(expectation, step));
        }

        return messages;
    }

    /// <summary>That the stream ends well, without a further message.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">A message comes, the stream fails, or nothing comes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task ExpectEndAsync(CancellationToken cancellationToken = default)
    {
        var step = await StepAsync("The end of the stream was expected", cancellationToken).ConfigureAwait(false);
        if (!step.IsEnd)
            throw Unexpected("The end of the stream was expected", step);
    }

    /// <summary>That the stream fails now, without a further message.</summary>
    /// <typeparam name="TException">What it fails with, or a base of it.</typeparam>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What it failed with.</returns>
    /// <exception cref="ExpectationException">A message comes, the stream ends well or fails with something else, or nothing comes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<TException> ExpectErrorAsync<TException>(CancellationToken cancellationToken = default)
        where TException : Exception
    {
        var expectation = $"A failure of the stream by {typeof(TException).Name} was expected";
        var step = await StepAsync(expectation, cancellationToken).ConfigureAwait(false);
        return step.Failure as TException ?? throw Unexpected(expectation, step);
    }

    /// <summary>That the stream fails now with a status of gRPC, without a further message.</summary>
    /// <param name="code">The status; a call that its own caller cancels fails with an <see cref="OperationCanceledException"/> instead: <see cref="ExpectErrorAsync"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What it failed with.</returns>
    /// <exception cref="ExpectationException">A message comes, the stream ends well or fails with something else, or nothing comes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<RpcException> ExpectStatusAsync(StatusCode code, CancellationToken cancellationToken = default)
    {
        var expectation = $"A failure of the stream by the status {code} was expected";
        var step = await StepAsync(expectation, cancellationToken).ConfigureAwait(false);
        return step.Failure is RpcException failure && failure.StatusCode == code ? failure : throw Unexpected(expectation, step);
    }

    /// <summary>
    /// That nothing comes before the answer to a fence: something that the test does now and that makes the other side write a known message into this same stream. The fence's message
    /// is taken.
    /// </summary>
    /// <remarks>
    /// No time is waited for. Streams keep their order, so this proves that the other side had written nothing by the moment at which it wrote the fence's message. It proves nothing about
    /// later, and nothing about work of the other side that writes from somewhere else and has not come to it.
    /// </remarks>
    /// <param name="fence">Provokes the message. It may wait until the message has been taken.</param>
    /// <param name="isFence">True for the fence's message, and for no other that may come.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="expression">Left to the compiler: the text of what tells the fence's message, for the failure.</param>
    /// <exception cref="ExpectationException">Another message comes first, the stream ends or fails, or nothing comes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task ExpectSilenceAsync(
        Func<CancellationToken, Task> fence, Func<T, bool> isFence, CancellationToken cancellationToken = default, [CallerArgumentExpression(nameof(isFence))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(fence);
        ArgumentNullException.ThrowIfNull(isFence);
        var expectation = $"Silence until the fence's message ({expression}) was expected";
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Begin();
        var fencing = fence(giveUp.Token);
        try
        {
            // A fence that fails provokes nothing: its failure is the news.
            await Expectation.MetAsync(Task.WhenAny(reading, fencing), Limit, () => Late(expectation), cancellationToken).ConfigureAwait(false);
            if (fencing.IsFaulted || fencing.IsCanceled)
                await fencing.ConfigureAwait(false);

            var step = await StepAsync(expectation, cancellationToken).ConfigureAwait(false);
            if (!step.HasMessage || !isFence(step.Message))
                throw Unexpected(expectation, step);
            await Expectation.MetAsync(fencing, Limit, () => "The fence's message has come, and the fence was expected to end.", cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await fencing.WaitAsync(Limit, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>That nothing comes before a fence that the test itself writes: where it holds the stream's other end as well.</summary>
    /// <remarks>What it proves is said at <see cref="ExpectSilenceAsync(Func{CancellationToken, Task}, Func{T, bool}, CancellationToken, string?)"/>.</remarks>
    /// <param name="otherEnd">What feeds the stream.</param>
    /// <param name="fence">A message that is equal to no other that may come.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">Another message comes first, the stream ends or fails, or nothing comes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task ExpectSilenceAsync(StreamSource<T> otherEnd, T fence, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(otherEnd);
        return ExpectSilenceAsync(token => otherEnd.WriteAsync(fence, token), message => Equals(message, fence), cancellationToken, MessageText.Of(fence));
    }

    /// <summary>Reads no further: the enumeration is cancelled where it waits, and disposed of. A call whose responses these are ends as one whose caller breaks out of its loop.</summary>
    /// <exception cref="ExpectationException">A read that waits does not heed its token.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        if (_step is { IsCompleted: false } step)
        {
            await _reading.CancelAsync().ConfigureAwait(false);
            await Expectation.MetAsync(
                step, Limit, () => $"A read of the stream of {typeof(T).Name} was cancelled and expected to end, and it does not heed its token.", CancellationToken.None).ConfigureAwait(false);
        }

        if (_enumerator is not null)
            await _enumerator.DisposeAsync().ConfigureAwait(false);
        _reading.Dispose();
    }

    /// <summary>Asks for the next message, unless it has been asked for. A call begins with that.</summary>
    internal Task Begin()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _last is null ? _step ??= ReadAsync() : Task.CompletedTask;
    }

    /// <summary>The failure of an expectation that the next step, whatever it is, contradicts.</summary>
    internal async Task<ExpectationException> FoundInsteadAsync(string expectation, CancellationToken cancellationToken) =>
        Unexpected(expectation, await StepAsync(expectation, cancellationToken).ConfigureAwait(false));

    /// <summary>Takes what comes next.</summary>
    internal async Task<StreamStep<T>> StepAsync(string expectation, CancellationToken cancellationToken)
    {
        // After the end there is the end.
        if (_last is { } last)
            return last;

        var reading = Begin();
        await Expectation.MetAsync(reading, Limit, () => Late(expectation), cancellationToken).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _step, null) is not { } step)
            throw new InvalidOperationException("Another step of this probe has taken what this one waited for: await each before the next.");

        var result = await step.ConfigureAwait(false);
        if (!result.HasMessage)
            _last = result;
        else
            _received.Add(result.Message);
        return result;
    }

    // Whatever it fails with is what the stream brought; which of the steps wants to see it is the test's to say.
    private async Task<StreamStep<T>> ReadAsync()
    {
        try
        {
            _enumerator ??= _stream.GetAsyncEnumerator(_reading.Token);
            return await _enumerator.MoveNextAsync().ConfigureAwait(false) ? StreamStep<T>.Of(_enumerator.Current) : StreamStep<T>.End;
        }
        catch (Exception failure)
        {
            return StreamStep<T>.Failed(failure);
        }
    }

    private string Late(string expectation) => $"{expectation}, and the stream of {typeof(T).Name} brings nothing. {_received.Describe()}{Environment.NewLine}";

    internal ExpectationException Unexpected(string expectation, in StreamStep<T> step)
    {
        var found = step switch
        {
            { HasMessage: true } => $"a message came: {MessageText.Of(step.Message)}",
            { Failure: { } failure } => $"it failed with {MessageText.Of(failure)}",
            _ => "it has ended",
        };
        return new ExpectationException($"{expectation} on the stream of {typeof(T).Name}, and {found}. {_received.Describe()}", step.Failure);
    }
}
