using System.Text;
using Plugwire.Hosting.Launching;
using Plugwire.Launching;
using Plugwire.Output;
using Plugwire.Testing.Leaks;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Testing.InProcess;

/// <summary>
/// A plugin that runs within this process, as its host sees a child: standard streams, signals, an end. The terminate signal is a cancellation of its run; the
/// kill cuts its connections and is the end for the host, though what heeds no token runs on.
/// </summary>
internal sealed class InProcessChild : ChildProcess
{
    private const int SigKill = 9;

    private readonly MemoryPipe _output = new();
    private readonly MemoryPipe _error = new();
    private readonly Lifeline _input = new();
    private readonly ConsoleCapture _console;
    private readonly AcceptedConnections _accepted = new();
    private readonly CancellationTokenSource _terminated = new();
    private readonly TaskCompletionSource<ChildExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IReadOnlyDictionary<string, string> _environment;
    private volatile PluginApplication? _application;
    private volatile IReadOnlyList<string> _leftBehind = [];

    /// <param name="start">What a process would be started from.</param>
    /// <param name="name">The plugin's, for what it tells.</param>
    /// <param name="build">Puts it together.</param>
    /// <param name="listen">Listens at an address; null for Unix domain sockets.</param>
    public InProcessChild(ChildStart start, string name, Func<InProcessChild, string[], LaunchContext, PluginApplication> build, Func<string, IConnectionListener>? listen)
    {
        _console = new ConsoleCapture(late => _error.Put(late));
        _environment = start.Environment;
        var launch = new LaunchContext
        {
            Variable = variable => start.Environment.GetValueOrDefault(variable),
            Tell = line => _error.Put(Encoding.UTF8.GetBytes(line + "\n")),
            WriteLogLine = line => _error.Put(line),
            WriteHandshake = line => _output.Put(line),
            Host = HostWatch.Until(_input.Closed),
            Console = _console,
            Listen = (address, time, logger) => _accepted.Of(listen?.Invoke(address) ?? UnixSocketListener.Bind(address, time, logger)),
        };

        // The plugin is nobody's callee: what flows with the caller, such as its activity, is not the plugin's.
        using (ExecutionContext.SuppressFlow())
            Run = Task.Run(() => RunAsync(name, () => _application = build(this, [.. start.Arguments], launch), launch.Tell));
    }

    public override int Id => Environment.ProcessId;

    // The process is that of the test.
    public override ProcessActivity? GetActivity() => null;

    public override Stream StandardInput => _input;

    public override Stream StandardOutput => _output;

    public override Stream StandardError => _error;

    public override Task<ChildExit> Exited => _exited.Task;

    /// <summary>Ends when nothing of the plugin runs any more but <see cref="RunningHandlers"/>. Never faults.</summary>
    public Task Run { get; }

    /// <summary>The plugin's services; null until it has been put together.</summary>
    public IServiceProvider? Services => _application?.Services;

    /// <summary>How many handlers run.</summary>
    public int RunningHandlers => _application?.RunningHandlers ?? 0;

    /// <summary>A clause for each thing that it has left in its launch directory, when it has ended by itself.</summary>
    public IReadOnlyList<string> LeftBehind => _leftBehind;

    public override void Terminate()
    {
        if (!Run.IsCompleted)
            _terminated.Cancel();
    }

    /// <summary>Whether what stands for its process goes on when the plugin's run has ended, until it is killed.</summary>
    public bool Lingers { get; set; }

    public override bool TrySignal(int signal)
    {
        if (signal != SigKill)
            throw new NotSupportedException("The plugin runs in the test's own process, and a signal would hit that.");
        if (_exited.Task.IsCompleted)
            return false;

        Kill();
        return true;
    }

    public override void Kill() => End(new ChildExit(null, SigKill));

    /// <summary>Ends it as a process ends, from one moment to the next. Without effect once it has ended.</summary>
    public void End(ChildExit exit)
    {
        // The host hears of the end first, as of a process that the system has killed: what follows is no news of the plugin's own.
        if (!_exited.TrySetResult(exit))
            return;

        _input.Dispose();
        _accepted.Cut();
        EndOutput();
    }

    /// <summary>Prints a line on its console.</summary>
    public void WriteLine(string line) => _console.Deliver(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Prints a line on its standard error.</summary>
    public void WriteErrorLine(string line) => _error.Put(Encoding.UTF8.GetBytes(line + "\n"));

    public override async ValueTask DisposeAsync()
    {
        Kill();
        await _input.DisposeAsync().ConfigureAwait(false);
        await _output.DisposeAsync().ConfigureAwait(false);
        await _error.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync(string name, Func<PluginApplication> build, Action<string> tell)
    {
        var code = await PluginApplication.RunAsync(name, build, tell, _terminated.Token).ConfigureAwait(false);
        if (Lingers)
            return;
        EndOutput();

        // What is killed leaves things behind through no fault of its own. Before the host hears of the end, and removes it all.
        if (code == 0 && !_exited.Task.IsCompleted)
            _leftBehind = LaunchLeftovers.In(_environment);
        _exited.TrySetResult(new ChildExit(code, null));
    }

    private void EndOutput()
    {
        _output.Complete();
        _error.Complete();
    }
}
