using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Grpc.Core;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Probes;
using Plugwire.Testing.Probes.Metering;

namespace Plugwire.Testing;

/// <summary>
/// Measures back pressure: lets a writer loose on a reader that has stopped, says how much the writer gets rid of before it is held up, and, when the reader goes on, that nothing has been
/// lost. Made for one stream: a call's requests, a handler's responses, or whatever else the code under test reads from. For one thread at a time.
/// </summary>
/// <remarks>
/// <para>The writer counts as held up when it has been given a message, has not asked for the next, and stands still over 1,000 fences in a row, or over as many as fit into a quarter of a second on
/// a busy machine, but at least 50. Each fence lets whatever waits for a thread of this process have its turn, and then makes a round trip on the same connection, which brings everything that had
/// been sent before. Nothing sleeps.</para>
/// <para>What lies on the connection is proved to be of no help to the writer by that; and where the test itself holds the other end, nothing else is there. Code in between that has a message and takes
/// its time over it, by a clock of its own or in a process that gets no processor for so long, is taken for code that has stopped.</para>
/// </remarks>
/// <typeparam name="T">The messages' type.</typeparam>
[SuppressMessage("Design", "CA1001", Justification = "What can be disposed of is the stream's enumeration, and that is its reader's.")]
public sealed class BackPressureMeter<T>
    where T : class, IMessage
{
    // Where hardly anything was written, this much shows that the writer goes on.
    private const int FewestAfter = 100;

    private const long DefaultMostBytes = 16 * 1024 * 1024;

    private readonly Func<long, T> _message;
    private readonly StandStill _standStill;
    private readonly MeteredStream<T> _stream;
    private readonly long _mostBytes;

    /// <summary>Makes a meter, and the stream that it measures.</summary>
    /// <param name="message">Makes the message of a number, counted from 0. Called again for the same number, it makes an equal message; each number should have another. What it throws its reader gets.</param>
    /// <param name="connection">
    /// The connection over which the stream goes, such as a harness's <c>CallInvoker</c>. Null where the code under test is called directly, and no connection lies between.
    /// </param>
    /// <param name="mostBytes">So many bytes without being held up mean that there is no back pressure: no more than that is written. 16 MiB by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mostBytes"/> is less than 1.</exception>
    public BackPressureMeter(Func<long, T> message, CallInvoker? connection, long mostBytes = DefaultMostBytes)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 1);
        _message = message;
        _mostBytes = mostBytes;
        _standStill = new StandStill(connection is null ? null : cancellationToken => RoundTrip.MakeAsync(connection, cancellationToken));
        _stream = new MeteredStream<T>(message, mostBytes);
    }

    /// <summary>What the writer writes: one message after the other as fast as they are taken, to be enumerated once.</summary>
    public IAsyncEnumerable<T> Messages => _stream;

    internal TimeSpan Limit { get; init; } = Expectation.Limit;

    /// <summary>That the writer is held up. Its reader must have stopped, or not have begun; the stream must be under way.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What it got rid of until then, all that its reader has taken included.</returns>
    /// <exception cref="ExpectationException">It is not: it writes without bound, is over, or waits for something else for 30 s.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<BackPressureReading> ExpectBlockedAsync(CancellationToken cancellationToken = default) =>
        _standStill.ExpectAsync("the writer", _stream.State, _mostBytes, Limit, cancellationToken);

    /// <inheritdoc cref="ExpectNothingLostAsync{TReceived}(StreamProbe{TReceived}, Func{T, TReceived}, CancellationToken)"/>
    public Task ExpectNothingLostAsync(StreamProbe<T> reader, CancellationToken cancellationToken = default) =>
        ExpectNothingLostAsync(reader, static message => message, cancellationToken);

    /// <summary>
    /// Lets the reader go on, and the writer write as much again, and 100 messages more, and then end: all that was written has to come, in its order, each message once, and then the end of the stream.
    /// </summary>
    /// <typeparam name="TReceived">What the reader receives.</typeparam>
    /// <param name="reader">Reads the other end. What the test has taken from it before counts as the first messages.</param>
    /// <param name="expected">What is received for a message that was written, where it is not the same; one for each. Compared by <see cref="object.Equals(object)"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">A message is lost, out of order, changed or there twice; or the stream does not end well.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task ExpectNothingLostAsync<TReceived>(StreamProbe<TReceived> reader, Func<T, TReceived> expected, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(expected);
        var written = _stream.EndAt((2 * _stream.Pulled) + FewestAfter);
        for (var number = reader.Count; number < written; number++)
        {
            var expectation = $"Of {MessageText.Count(written, "message")} that the writer was given, number {number} was expected";
            var step = await reader.StepAsync(expectation, cancellationToken).ConfigureAwait(false);
            if (!step.HasMessage)
                throw reader.Unexpected($"{expectation} (the last {written - number} are lost)", step);
            if (!Equals(step.Message, expected(_message(number))))
                throw reader.Unexpected($"{expectation}, {MessageText.Of(expected(_message(number)))},{Place(step.Message, number, written, expected)}", step);
        }

        await reader.ExpectEndAsync(cancellationToken).ConfigureAwait(false);
    }

    private string Place<TReceived>(TReceived received, long number, long written, Func<T, TReceived> expected)
    {
        for (var other = 0L; other < written; other++)
        {
            if (Equals(received, expected(_message(other))))
                return other > number ? $" ({other - number} before the one that came are lost, or come later)" : $" (what came is number {other}, for the second time or late)";
        }

        return " (what came is none of them)";
    }
}
