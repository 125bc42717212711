namespace Plugwire.Lifetime;

/// <summary>Knows whether code runs as a step of the start that the start waits for: such a step cannot wait for what comes after the start.</summary>
internal static class StartStep
{
    private static readonly AsyncLocal<bool> Running = new();

    /// <summary>Whether the caller is such a step, or was begun by one.</summary>
    public static bool IsRunning => Running.Value;

    public static async Task RunAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        Running.Value = true;
        await step(cancellationToken).ConfigureAwait(false);
    }
}
