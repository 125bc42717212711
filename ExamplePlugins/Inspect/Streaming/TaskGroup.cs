namespace Examples.Inspect.Streaming;

/// <summary>Tasks that end together.</summary>
internal static class TaskGroup
{
    /// <summary>Waits for all; the first that fails stops the others, and is what is thrown once they have ended.</summary>
    public static async Task WhenAllAsync(IEnumerable<Task> tasks, CancellationTokenSource stop)
    {
        Task? failed = null;
        await foreach (var task in Task.WhenEach(tasks))
        {
            if (task.IsCompletedSuccessfully || failed is not null)
                continue;
            failed = task;
            await stop.CancelAsync();
        }

        if (failed is not null)
            await failed;
    }
}
