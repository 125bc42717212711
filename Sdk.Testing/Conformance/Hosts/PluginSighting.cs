using System.Globalization;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Testing.Conformance.Roles;
using Plugwire.Wire.Transports;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>One process of the kit's plugin that a host has started, from its first word to its end; and its children. Disposal ends them.</summary>
internal sealed class PluginSighting : IAsyncDisposable
{
    private readonly ReportStream _stream;
    private readonly SafeFileHandle? _process;
    private readonly Action<string, string> _report;
    private readonly List<SafeFileHandle> _children = [];

    public PluginSighting(TransportConnection connection, Action<string, string> report)
    {
        _stream = new ReportStream(connection.Stream);
        _report = report;
        ProcessId = connection.Peer?.ProcessId ?? 0;
        _process = TryOpen(ProcessId);
        Ended = ReadAsync();
    }

    public int ProcessId { get; }

    /// <summary>Ends with the process. Never faults.</summary>
    public Task Ended { get; }

    /// <summary>Has it go on.</summary>
    public async Task LetGoAsync()
    {
        try
        {
            await _stream.SayAsync(ReportWords.Go).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            // It has ended, which is for others to say.
        }
    }

    /// <summary>Waits for the ends of its children. Linux; elsewhere there are none to be seen.</summary>
    public async Task ChildrenEndedAsync(CancellationToken cancellationToken)
    {
        foreach (var child in _children.ToArray())
            await PollThread.Shared.Watch(child).Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Kill(_process);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
        foreach (var child in _children)
        {
            Kill(child);
            child.Dispose();
        }

        _process?.Dispose();
    }

    private async Task ReadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (await _stream.ReadAsync().ConfigureAwait(false) is { } said)
        {
            if (said.Word == ReportWords.ChildStarted && TryOpen(int.Parse(said.Detail, CultureInfo.InvariantCulture)) is { } child)
                _children.Add(child);
            _report(said.Word, said.Detail);
        }
    }

    // Null also where the process has ended meanwhile.
    private static SafeFileHandle? TryOpen(int processId)
    {
        try
        {
            return processId > 0 && ProcessDescriptor.IsSupported ? ProcessDescriptor.Open(processId) : null;
        }
        catch (PosixException gone) when (gone.Error == Errno.NoSuchProcess)
        {
            return null;
        }
    }

    private static void Kill(SafeFileHandle? process)
    {
        if (process is not null)
            _ = LibC.SignalProcess(process, LibC.SigKill);
    }
}
