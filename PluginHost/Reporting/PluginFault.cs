namespace Plugwire.Hosting;

/// <summary>One end of a plugin that was not meant: a crash, or a start that failed.</summary>
public sealed record PluginFault
{
    internal PluginFault()
    {
    }

    /// <summary>The number of the start that led there, counted from 1.</summary>
    public required int Launch { get; init; }

    /// <summary>When it was, by the wall clock of the options' <see cref="PluginOptions.TimeProvider"/>. For people: nothing is decided by it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How the plugin ended; null when it was the start that failed.</summary>
    public required PluginExit? Exit { get; init; }

    /// <summary>Why the start failed; null when the plugin had started. A <see cref="PluginStartException"/>, unless the host itself failed.</summary>
    public required Exception? StartFailure { get; init; }

    /// <summary>The failure as a sentence or two.</summary>
    public override string ToString() => Exit?.ToString() ?? StartFailure?.Message ?? "";
}
