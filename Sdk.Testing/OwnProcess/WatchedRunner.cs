using System.Collections.Concurrent;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;

namespace Plugwire.Testing.OwnProcess;

/// <summary>Runs plugins in processes of their own, and sees what they leave running when they end.</summary>
internal sealed class WatchedRunner : PluginRunner
{
    private readonly ConcurrentQueue<WatchedChild> _children = [];

    /// <summary>What plugins had left behind at their end, before the host swept it away.</summary>
    public IEnumerable<string> LeftBehind => _children.SelectMany(child => child.LeftBehind);

    public override async Task<ChildProcess> StartAsync(ChildStart start, PluginStartAttempt attempt)
    {
        var child = new WatchedChild(await base.StartAsync(start, attempt).ConfigureAwait(false), start);
        _children.Enqueue(child);
        return child;
    }
}
