namespace Examples.Inspect.Streaming;

/// <summary>Tasks that end together.</summary>
internal static class TaskGroup
{
    /// <summary>
    /// Waits for all; the first that fails stops the others, and is what is thrown once they have ended. A cancellation is thrown only
    /// when nothing else went wrong: it may be but the echo of a failure that has not come here yet.
    /// </summary>
    public static async Task WhenAllAsync(IEnumerable<Task> tasks, CancellationTokenSource stop)
    {
        Task? failed = null;
        await foreach (var task in Task.WhenEach(tasks))
        {
            if (task.IsCompletedSuccessfully || failed is { IsFaulted: true })
                continue;
            if (failed is null || task.IsFaulted)
                failed = task;
            await stop.CancelAsync();
        }

        if (failed is not null)
            await failed;
    }
}
