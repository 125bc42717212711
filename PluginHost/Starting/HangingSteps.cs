using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Starting;

/// <summary>The steps of starts that were given up while they hung in a call that nothing can interrupt. When they come back, what they made is thrown away.</summary>
internal static partial class HangingSteps
{
    private static readonly ConcurrentDictionary<Task, Task> Steps = new();

    /// <summary>How many hang at present.</summary>
    public static int Count => Steps.Count;

    /// <summary>The ends of those that hang at present. None faults.</summary>
    public static IReadOnlyCollection<Task> All => [.. Steps.Values];

    /// <summary>Takes over a step, which may end at any time or never.</summary>
    /// <param name="step">The step.</param>
    /// <param name="discard">Ends what it made.</param>
    /// <param name="name">For the log.</param>
    /// <param name="logger">Told when it hangs and when it is back; never throws.</param>
    /// <returns>Its end, and that of what it made. Never faults.</returns>
    public static Task Own<T>(Task<T> step, Func<T, ValueTask> discard, string name, ILogger logger)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Steps[step] = end.Task;
        if (!step.IsCompleted)
            Log.Hangs(logger, name, Steps.Count);
        _ = EndAsync(step, discard, end, name, logger);
        return end.Task;
    }

    // Owned by its entry in the table.
    private static async Task EndAsync<T>(Task<T> step, Func<T, ValueTask> discard, TaskCompletionSource end, string name, ILogger logger)
    {
        var hung = !step.IsCompleted;
        try
        {
            await discard(await step.ConfigureAwait(false)).ConfigureAwait(false);
            if (hung)
                Log.IsBack(logger, name);
        }
        catch (Exception failure)
        {
            // Nobody waits for it: that it failed in the end is news for whoever looks for the reason.
            Log.Failed(logger, failure, name);
        }

        Steps.TryRemove(step, out _);
        end.SetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(80, LogLevel.Warning, "{Step} hangs in the system and cannot be interrupted; the start was given up. Steps that hang so at present: {Count}.")]
        public static partial void Hangs(ILogger logger, string step, int count);

        [LoggerMessage(81, LogLevel.Information, "{Step} has come back after its start was given up. What it made is thrown away.")]
        public static partial void IsBack(ILogger logger, string step);

        [LoggerMessage(82, LogLevel.Debug, "{Step} has come to nothing after its start was given up.")]
        public static partial void Failed(ILogger logger, Exception failure, string step);
    }
}
