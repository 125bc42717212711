using System.Globalization;
using Plugwire.Testing.Expecting;

namespace Plugwire.Testing.Probes.Metering;

/// <summary>Finds out that a writer is held up: by fences, not by time.</summary>
/// <param name="roundTrip">
/// A round trip on the connection over which the writer writes: when it is back, all that either side had sent before has been taken in by the other. Null where there is no connection between writer
/// and reader.
/// </param>
internal sealed class StandStill(Func<CancellationToken, Task>? roundTrip)
{
    // Two are enough for what is on the connection: messages, and the room that they give back. The others are for threads that could bring the writer on, and that the system lets wait while
    // this one runs: so many take more of a processor than the system gives to one before it is another's turn.
    private const int Fences = 1000;

    // Where each takes long, because others have their turn in it, fewer say as much.
    private const int FewestFences = 50;
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(250);

    /// <param name="writer">Who writes, for messages.</param>
    /// <param name="state">Tells of the writer.</param>
    /// <param name="mostBytes">So much without a stop is none.</param>
    /// <param name="limit">How long all may take.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">The writer is not held up.</exception>
    public async Task<BackPressureReading> ExpectAsync(string writer, Func<WriterState> state, long mostBytes, TimeSpan limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 1);
        var began = TimeProvider.System.GetTimestamp();
        var stoodSince = began;
        var last = state();
        for (var fences = 0; fences < Fences && (fences < FewestFences || TimeProvider.System.GetElapsedTime(stoodSince) < Long);)
        {
            await FenceAsync(writer, state, limit, cancellationToken).ConfigureAwait(false);
            var now = state();
            if (now.Bytes >= mostBytes)
                throw Failure(writer, "it writes on as if there were no end to the room: somebody on the way takes messages that nobody reads, or the reader has not stopped", now);
            if (now.Over is { } over)
                throw Failure(writer, $"it writes no more: {over}", now);
            if (TimeProvider.System.GetElapsedTime(began) > limit)
                throw Failure(writer, string.Create(CultureInfo.InvariantCulture, $"within {limit.TotalSeconds:0.###} s it has not come to a stop: {(now.IsHeldUp ? "it still gets on" : "it waits for something else than for its reader, or has not begun")}"), now);

            if (now.IsHeldUp && last.IsHeldUp && now.Messages == last.Messages)
                fences++;
            else
                (fences, stoodSince) = (0, TimeProvider.System.GetTimestamp());
            last = now;
        }

        return new BackPressureReading(last.Messages, last.Bytes);
    }

    private static ExpectationException Failure(string writer, string found, in WriterState state) =>
        new($"As nobody reads, {writer} was expected to be held up in a write, and {found}. It has got rid of {MessageText.Count(state.Messages, "message")} ({MessageText.Count(state.Bytes, "byte")}).");

    private async Task FenceAsync(string writer, Func<WriterState> state, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Behind all that waits for a thread of the pool already: the writer's own next step may.
        var hop = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(static hop => hop.SetResult(), hop, preferLocal: false);
        await hop.Task.ConfigureAwait(false);
        if (roundTrip is not null)
        {
            await Expectation.MetAsync(
                roundTrip(cancellationToken), limit, () => Failure(writer, "a round trip on the same connection, which is to show it, does not come back", state()).Message, cancellationToken).ConfigureAwait(false);
        }
    }
}
