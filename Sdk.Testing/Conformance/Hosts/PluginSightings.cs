using Plugwire.Testing.Conformance.Roles;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>What the processes of the kit's plugin say that a host has started in one case; one as a rule, several where the host starts it again. Disposal ends them.</summary>
internal sealed class PluginSightings : IAsyncDisposable
{
    private readonly UnixSocketListener _listener;
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private readonly List<PluginSighting> _sightings = [];
    private readonly List<(string Word, string Detail)> _reports = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PluginSightings(UnixSocketListener listener)
    {
        _listener = listener;
        _accepting = AcceptAsync();
    }

    /// <summary>What has been said, in its order.</summary>
    public IReadOnlyList<(string Word, string Detail)> Reports
    {
        get
        {
            lock (_gate)
                return [.. _reports];
        }
    }

    /// <summary>The processes, whether they live or not.</summary>
    public IReadOnlyList<PluginSighting> Processes
    {
        get
        {
            lock (_gate)
                return [.. _sightings];
        }
    }

    /// <param name="directory">The case's.</param>
    public static PluginSightings Listen(string directory) => new(UnixSocketListener.Bind(Path.Combine(directory, ReportWords.SocketName)));

    public bool Heard(string word) => Reports.Any(report => report.Word == word);

    /// <summary>Waits until a word has been said.</summary>
    /// <returns>What belonged to it.</returns>
    public async Task<string> WaitAsync(string word, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
                changed = _changed.Task;
            if (Reports.FirstOrDefault(report => report.Word == word) is { Word: not null } report)
                return report.Detail;
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        foreach (var process in Processes)
            await process.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync(CancellationToken.None).ConfigureAwait(false) is { } connection)
            Take(connection);
    }

    private void Take(TransportConnection connection)
    {
        lock (_gate)
            _sightings.Add(new PluginSighting(connection, Add));
    }

    private void Add(string word, string detail)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _reports.Add((word, detail));
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }
}
