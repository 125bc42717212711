using System.Collections.Concurrent;
using System.Text;
using Plugwire.Launching;
using Plugwire.Wire.Launching;

namespace Plugwire.Tests.Launching;

/// <summary>A launch without a process: variables, and what was told and written.</summary>
internal sealed class FakeLaunch
{
    private readonly ConcurrentDictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _told = [];
    private readonly ConcurrentQueue<string> _log = [];
    private readonly TaskCompletionSource<string> _handshake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeLaunch()
    {
        this[LaunchVariables.DefaultCookieKey] = LaunchVariables.DefaultCookieValue;
        Context = new LaunchContext
        {
            Variable = name => _variables.GetValueOrDefault(name),
            Tell = _told.Enqueue,
            WriteLogLine = line => _log.Enqueue(Encoding.UTF8.GetString(line)),
            WriteHandshake = line => _handshake.TrySetResult(Encoding.UTF8.GetString(line)),
            Host = HostWatch.Unwatched,
        };
    }

    public LaunchContext Context { get; }

    public string Told => string.Join('\n', _told);

    public string Log => string.Concat(_log);

    /// <summary>Completes with the line, its end included.</summary>
    public Task<string> Handshake => _handshake.Task;

    public string this[string variable]
    {
        set => _variables[variable] = value;
    }

    public void Unset(string variable) => _variables.TryRemove(variable, out _);

    public PluginApplicationBuilder CreateBuilder(params string[] args) => new(args, Context);
}
