namespace Plugwire.Hosting;

/// <summary>
/// What a plugin's process may use up. They hold accidents back, a leak or an endless loop of opening files; against a hostile program they are no sandbox. Linux sets them; elsewhere the log says at each start
/// which one is not set.
/// </summary>
/// <remarks>
/// They are set right after the process was started (by <c>prlimit</c>), and what the program does in its very first moment is before that. What it starts later has them too. A limit is only ever lowered: where the
/// host itself has less, that stays. A plugin that runs as the administrator may raise it again.
/// </remarks>
public sealed class PluginLimitOptions
{
    internal PluginLimitOptions()
    {
    }

    /// <summary>How many files, sockets and pipes the plugin may have open at once (<c>RLIMIT_NOFILE</c>); at least 32. A .NET plugin has more than 100 open when it has started, as each assembly is one. Null, the default, is what the host may.</summary>
    public int? OpenFiles { get; set; }

    /// <summary>
    /// How many bytes the managed heap of a .NET plugin may have; at least 16 MiB. Above it the plugin gets an <see cref="OutOfMemoryException"/>. It goes by the variable <c>DOTNET_GCHeapHardLimit</c>, on every
    /// system, and programs that are not .NET do not know it. Null, the default, is what the runtime chooses.
    /// </summary>
    public long? ManagedHeap { get; set; }

    /// <summary>Whether the system may write the plugin's memory to disk when it crashes (<c>RLIMIT_CORE</c>). True by default, as far as the host may.</summary>
    public bool CoreDumps { get; set; } = true;

    /// <summary>
    /// By how much sooner than the host the plugin is ended when the machine has no memory left, added to the host's own <c>oom_score_adj</c>; 0 to 1,000. 1 by default, so that of the two the plugin goes; zero leaves it as
    /// the host's.
    /// </summary>
    public int OomScoreAdjustment { get; set; } = 1;

    internal PluginLimitOptions Copy() => (PluginLimitOptions)MemberwiseClone();
}
