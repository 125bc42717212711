using System.Globalization;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Launching.Sweeping;

namespace Plugwire.Hosting.Launching.Guarding;

/// <summary>One launch that the guard knows of, from before its process is started until nothing of that is left.</summary>
internal sealed class GuardedLaunch : IDisposable
{
    private readonly PluginGuard _guard;
    private readonly string _slot;
    private readonly string _beginning;
    private string _group = "";

    /// <param name="guard">Who is told.</param>
    /// <param name="slot">The launch's number with the guard.</param>
    /// <param name="launchId">The mark in the environment of all that the launch starts.</param>
    /// <param name="directory">The launch directory; null for none.</param>
    /// <param name="logger">The launch's.</param>
    public GuardedLaunch(PluginGuard guard, long slot, string launchId, string? directory, ILogger logger)
    {
        // A path with a line break in it would be two lines; the next host removes that directory.
        _guard = guard;
        _slot = slot.ToString(CultureInfo.InvariantCulture);
        _beginning = $"+ {_slot} {launchId} {(directory?.Contains('\n') == false ? directory : "")}\n";
        Logger = logger;
    }

    public ILogger Logger { get; }

    /// <summary>All that a guard has to know of it. Read and changed by the guard's steps alone.</summary>
    public string Entry => _beginning + _group;

    /// <summary>Says which process the launch has become; it leads a group. Does not wait: until that is told, the mark has to do.</summary>
    /// <param name="processId">A child that is not reaped yet.</param>
    public void Begin(int processId)
    {
        // Without a start time the number could come to mean a stranger's group.
        if (ProcessTable.StartTimeOf(processId) is not { } startTime)
            return;

        var group = string.Create(CultureInfo.InvariantCulture, $"= {_slot} {processId} {startTime}\n");
        _guard.Tell(this, () => _group = group, group);
    }

    /// <summary>To be called when nothing of the launch is left. May be called again.</summary>
    public void Dispose() => _guard.Remove(this, $"- {_slot}\n");
}
