using System.Threading.Channels;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Testing.Conformance.Roles;

namespace Plugwire.Testing.Command.Playing;

/// <summary>What the plugin of a case does wrong, and the kit, which it tells what it sees.</summary>
internal sealed class PlayedRole(string directory, string[] words, ReportStream kit)
{
    private const int SigKill = 9;
    private const int SigStop = 19;

    private readonly Channel<bool> _go = Channel.CreateUnbounded<bool>();

    /// <summary>The case's.</summary>
    public string Directory => directory;

    public ReportStream Kit => kit;

    public bool Has(string word) => words.Contains(word);

    /// <summary>Waits until the kit says so.</summary>
    public async Task WaitAsync() => await _go.Reader.ReadAsync();

    public void GoOn() => _go.Writer.TryWrite(true);

    /// <summary>Stands still. The task never ends: on a busy machine the caller would run on for a moment.</summary>
    public static Task FreezeAsync() => EndOfAllAsync(SigStop);

    /// <summary>Is killed; the same holds.</summary>
    public static Task DieAsync() => EndOfAllAsync(SigKill);

    private static Task EndOfAllAsync(int signal)
    {
        _ = LibC.Kill(Environment.ProcessId, signal);
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
    }
}
