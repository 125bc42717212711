using System.Globalization;

namespace Plugwire.Testing.Expecting;

/// <summary>Waits for what a test expects, never for ever.</summary>
internal static class Expectation
{
    /// <summary>
    /// How long a check waits for what has to come. It is for the wall's clock, whatever clock the code under test runs on, and generous: it is spent by tests that fail alone.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The result of a task that has to end.</summary>
    /// <param name="task">Faults as it does.</param>
    /// <param name="limit">How long it may take; see <see cref="Limit"/>.</param>
    /// <param name="describe">What was expected and what is there instead, as sentences; asked when the time is up.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">The task has not ended in time.</exception>
    public static async Task<T> MetAsync<T>(Task<T> task, TimeSpan limit, Func<string> describe, CancellationToken cancellationToken)
    {
        await MetAsync((Task)task, limit, describe, cancellationToken).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="MetAsync{T}(Task{T}, TimeSpan, Func{string}, CancellationToken)"/>
    public static async Task MetAsync(Task task, TimeSpan limit, Func<string> describe, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(limit, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new ExpectationException(string.Create(CultureInfo.InvariantCulture, $"{describe()} Waited {limit.TotalSeconds:0.###} s."));
        }
    }
}
