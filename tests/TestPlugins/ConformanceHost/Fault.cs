using System.Collections;
using System.Text;
using Plugwire.Hosting;
using Plugwire.Hosting.Launching;
using Plugwire.Wire.Launching;

namespace Plugwire.TestPlugins.ConformanceHost;

/// <summary>The one case that the host is to fail, and what it does wrong for that.</summary>
internal sealed class Fault
{
    private const string Prefix = "--break=";

    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly string _caseId;

    private Fault(string caseId) => _caseId = caseId;

    public static Fault Of(string[] args) => new(args.FirstOrDefault(argument => argument.StartsWith(Prefix, StringComparison.Ordinal))?[Prefix.Length..] ?? "");

    public bool Breaks(string caseId) => _caseId == caseId;

    /// <summary>The options of the host that is to go wrong.</summary>
    public PluginOptions Spoil(PluginOptions options)
    {
        // On a busy machine a plugin takes its time.
        options.StartTimeout = TimeSpan.FromSeconds(15);
        options.ConnectTimeout = TimeSpan.FromSeconds(10);
        options.Runner = new FaultyRunner(this);
        if (_caseId is "handshake.silent" or "handshake.stalled" or "connection.mute")
            options.StartTimeout = options.ConnectTimeout = Never;
        if (Breaks("launch.cookie"))
            options.CookieKey = "SOMEBODY_ELSES_COOKIE";
        if (Breaks("launch.arguments"))
            options.Arguments.Add("--plugin");
        if (Breaks("call.too-large"))
            options.MaxReceiveMessageSize = null;
        if (Breaks("call.frozen"))
            options.Health.EndsUnresponsive = false;
        if (Breaks("stop.frozen"))
            options.DrainTimeout = Never;
        if (_caseId is "stop.asked" or "call.fails")
            options.DrainTimeout = TimeSpan.Zero;
        if (Breaks("stop.patience"))
            options.DrainTimeout = TimeSpan.FromMilliseconds(100);
        if (Breaks("stop.terminate"))
            options.TerminateTimeout = TimeSpan.Zero;
        return options;
    }

    /// <summary>What the host ends with when its plugin has failed it.</summary>
    public async Task<int> AnswerFailureAsync()
    {
        if (_caseId is "handshake.exits-early" or "handshake.endless" or "call.death")
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        return _caseId is "handshake.garbage" or "handshake.partial" or "handshake.missing-address" or "handshake.dead-address" or "call.not-serving" or "call.connection-lost"
            or "connection.no-http2" or "connection.closed" or "connection.go-away" or "connection.pings" ? 0 : 1;
    }

    /// <summary>The plugin's environment.</summary>
    public IReadOnlyDictionary<string, string> Spoil(IReadOnlyDictionary<string, string> environment)
    {
        var spoiled = environment.ToDictionary(StringComparer.Ordinal);
        if (Breaks("launch.versions"))
            spoiled[LaunchVariables.ProtocolVersions] = "v1";
        if (Breaks("launch.ports"))
            spoiled.Remove(LaunchVariables.MinPort);
        if (Breaks("launch.directory") && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(spoiled[LaunchVariables.SocketDirectory], (UnixFileMode)0b111_101_101);
        if (_caseId is "launch.inherited" or "launch.environment")
        {
            foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
                spoiled.TryAdd((string)variable.Key, (string?)variable.Value ?? "");
        }

        if (_caseId is "stop.no-controller" or "stop.deaf" or "stop.stubborn" or "host-death.calling" or "host-death.starting")
            spoiled.Remove(LaunchVariables.Lifeline);
        if (_caseId is "stop.held-pipes" or "stop.escaped-children" or "stop.children")
            spoiled.Remove(LaunchVariables.LaunchId);
        return spoiled;
    }

    /// <summary>The plugin's process.</summary>
    public ChildProcess Spoil(ChildProcess child) => _caseId switch
    {
        "stop.no-controller" or "stop.deaf" or "stop.stubborn" => new FaultyChild(child, ChildFault.IsLeft),
        "stop.children" => new FaultyChild(child, ChildFault.EndsAlone),
        "stop.held-pipes" => new FaultyChild(child, ChildFault.HasItsOutputReadToTheEnd),
        _ => new FaultyChild(child, ChildFault.None) { Output = OutputOf(child), Error = ErrorOf(child) },
    };

    /// <summary>Whether the host starts its plugin as any program starts another: what it leaves of it, nobody ends in its place.</summary>
    public bool StartsByTheRuntime => _caseId
        is "stop.no-controller" or "stop.deaf" or "stop.stubborn" or "stop.children" or "stop.escaped-children"
        or "host-death.calling" or "host-death.starting" or "host-death.frozen" or "host-death.children";

    /// <summary>Whether the host dials any address.</summary>
    public bool DialsAnything => Breaks("handshake.foreign-address");

    /// <summary>Whether the host speaks to anybody.</summary>
    public bool SpeaksToAnybody => Breaks("handshake.foreign-listener");

    private Stream OutputOf(ChildProcess child) => _caseId switch
    {
        "handshake.noise-before" or "handshake.two-lines" => Rewritten(child, lines => lines[(lines.IndexOf('\n', StringComparison.Ordinal) + 1)..]),
        "handshake.core-version" => Rewritten(child, line => "1" + line[1..]),
        "handshake.application-version" => Rewritten(child, line => line.Replace("|2147483647|", "|1|", StringComparison.Ordinal)),
        "handshake.network" => Rewritten(child, line => line.Replace("|pigeon|", "|unix|", StringComparison.Ordinal)),
        "handshake.protocol" => Rewritten(child, line => line.Replace("|netrpc|", "|grpc|", StringComparison.Ordinal)),
        "handshake.certificate" => Rewritten(child, line => line[..(line.LastIndexOf('|') + 1)] + "\n"),
        "handshake.carriage-return" => Rewritten(child, line => line.Replace("\r", "|carriage return", StringComparison.Ordinal)),

        // On a busy machine more than one piece is there when it is read.
        "handshake.byte-by-byte" => new FaultyPipe(child.StandardOutput, PipeFault.IsReadOnce) { MostBytes = 8 },
        "output.output-lines" => new FaultyPipe(child.StandardOutput, PipeFault.IsReadOnce) { Hangs = true },
        "output.output-line" => new FaultyPipe(child.StandardOutput, PipeFault.IsKept),
        _ => child.StandardOutput,
    };

    private Stream ErrorOf(ChildProcess child) => _caseId switch
    {
        "output.error-lines" => new FaultyPipe(child.StandardError, PipeFault.IsReadOnce) { Hangs = true },
        "output.error-line" => new FaultyPipe(child.StandardError, PipeFault.IsKept),
        "output.odd-log" => new FaultyPipe(child.StandardError, PipeFault.EndsTheHost) { Deadly = "{\"@message\":1}"u8.ToArray() },
        "output.nested-log" => new FaultyPipe(child.StandardError, PipeFault.EndsTheHost) { Deadly = "[[[[[[[["u8.ToArray() },
        "output.no-text" => new FaultyPipe(child.StandardError, PipeFault.EndsTheHost) { Deadly = [0xff, 0xfe] },
        "output.closed" => new FaultyPipe(child.StandardError, PipeFault.EndsTheHostWithItself),
        _ => child.StandardError,
    };

    private static FaultyPipe Rewritten(ChildProcess child, Func<string, string> rewrite) =>
        new(child.StandardOutput, PipeFault.IsRewritten) { Rewrite = bytes => Encoding.UTF8.GetBytes(rewrite(Encoding.UTF8.GetString(bytes))) };
}
