namespace Plugwire.Hosting.Stopping;

/// <summary>What a stop needs of a plugin.</summary>
internal sealed record StopTarget
{
    /// <summary>Asks the plugin to end; null when nobody can ask it any more. Need not return before the plugin has ended; throws when the plugin cannot be asked.</summary>
    public required Func<CancellationToken, Task>? Ask { get; init; }

    /// <summary>Closes the plugin's standard input and sends the terminate signal.</summary>
    public required Action Terminate { get; init; }

    /// <summary>Kills the plugin and all that it has started.</summary>
    public required Action Kill { get; init; }

    /// <summary>Ends with the plugin's process.</summary>
    public required Task Exited { get; init; }
}
