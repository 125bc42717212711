namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>
/// Two seconds, as the process gets them: they are counted in ticks, and one that comes late counts as one. So a machine that has other things to do does not pass for a hang.
/// </summary>
internal static class Budget
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <exception cref="FuzzException">It does not end in time.</exception>
    public static async Task Within(this Task task, string what)
    {
        for (var left = Limit; left > TimeSpan.Zero && !task.IsCompleted; left -= Tick)
        {
            using var tick = new CancellationTokenSource();
            await Task.WhenAny(task, Task.Delay(Tick, TimeProvider.System, tick.Token));
            await tick.CancelAsync();
        }

        if (!task.IsCompleted)
            throw new FuzzException($"{what} did not end within {Limit.TotalSeconds:0} s.");
        await task;
    }

    /// <exception cref="FuzzException">It does not end in time.</exception>
    public static async Task<T> Within<T>(this Task<T> task, string what)
    {
        await ((Task)task).Within(what);
        return await task;
    }
}
