using Plugwire.Hosting;
using Plugwire.Testing.Faults.Handshakes;

namespace Plugwire.Testing;

/// <summary>
/// A way in which the handshake of a plugin goes wrong, and what a right host makes of it: it refuses the plugin for that reason, in time, and leaves nothing of it. To be played without a process
/// (<see cref="ApplyTo"/>) or by a program that any host can start (<see cref="WriteProgram"/>).
/// </summary>
public sealed class BadHandshake
{
    private const int UnusualExitCode = 7;

    private readonly HandshakeScript _script;

    private BadHandshake(string name, string description, PluginStartStage stage, PluginStartReason reason, HandshakeScript script)
    {
        Name = name;
        Description = description;
        Stage = stage;
        Reason = reason;
        _script = script;
    }

    /// <summary>Not a word; the program lives on. A host spends its time for a start.</summary>
    public static BadHandshake Silent { get; } = AtHandshake("silent", "prints nothing and lives on", PluginStartReason.TimedOut, "");

    /// <summary>The program ends without a word, with code 7.</summary>
    public static BadHandshake ExitsEarly { get; } = EarlyExit(UnusualExitCode);

    /// <summary>A line of bytes that are no text.</summary>
    public static BadHandshake Garbage { get; } = new(
        "garbage", "prints a line that is no text", PluginStartStage.Handshake, PluginStartReason.BadHandshake, new HandshakeScript([0x00, 0xff, 0x80, 0xfe, (byte)'%', (byte)'\'', (byte)'\n']));

    /// <summary>A line for people, and then the handshake.</summary>
    public static BadHandshake NoiseBefore { get; } = AtHandshake(
        "noise-before", "prints something else before the handshake", PluginStartReason.BadHandshake, "Hello, world!\n" + HandshakeScript.Line());

    /// <summary>A part of a handshake, and the end of the output.</summary>
    public static BadHandshake Partial { get; } = AtHandshake(
        "partial", "prints a part of the handshake and closes its output", PluginStartReason.BadHandshake, "1|1|un", HandshakeEnding.CloseOutput);

    /// <summary>A part of a handshake, and nothing more. A host spends its time for a start.</summary>
    public static BadHandshake Stalled { get; } = AtHandshake("stalled", "prints a part of the handshake and no more", PluginStartReason.TimedOut, "1|1|un");

    /// <summary>A megabyte without a line break.</summary>
    public static BadHandshake Oversized { get; } = new(
        "oversized", "prints a megabyte without a line break", PluginStartStage.Handshake, PluginStartReason.BadHandshake, new HandshakeScript([]) { Filler = 1024 * 1024 });

    /// <summary>Version 2 of the launch protocol, which there is not.</summary>
    public static BadHandshake WrongCoreVersion { get; } = AtHandshake(
        "wrong-core-version", "names version 2 of the launch protocol", PluginStartReason.UnsupportedProtocol, HandshakeScript.Line(core: "2"));

    /// <summary>A version of the application that no host speaks: 2147483647.</summary>
    public static BadHandshake WrongApplicationVersion { get; } = AtHandshake(
        "wrong-application-version", "names a version of the application that the host does not speak", PluginStartReason.VersionMismatch, HandshakeScript.Line(version: "2147483647"));

    /// <summary>A network other than a Unix domain socket.</summary>
    public static BadHandshake WrongNetwork { get; } = AtHandshake(
        "wrong-network", "listens on TCP", PluginStartReason.UnsupportedProtocol, HandshakeScript.Line(network: "tcp", address: "127.0.0.1:1"));

    /// <summary>A protocol other than gRPC.</summary>
    public static BadHandshake WrongProtocol { get; } = AtHandshake("wrong-protocol", "speaks net/rpc", PluginStartReason.UnsupportedProtocol, HandshakeScript.Line(protocol: "netrpc"));

    /// <summary>An address in the launch directory where there is nothing.</summary>
    public static BadHandshake MissingAddress { get; } = AtHandshake("missing-address", "names a socket that is not there", PluginStartReason.AddressRefused, HandshakeScript.Line());

    /// <summary>An address that is not the launch's own.</summary>
    public static BadHandshake ForeignAddress { get; } = AtHandshake(
        "foreign-address", "names a socket outside its launch directory", PluginStartReason.AddressRefused, HandshakeScript.Line(address: "/tmp/" + HandshakeScript.SocketName));

    /// <summary>The address of a socket at which nobody listens.</summary>
    public static BadHandshake DeadAddress { get; } = AtConnect("dead-address", "names a socket at which nobody listens", HandshakeScript.Line());

    /// <summary>Two handshakes, of which the first counts: it names a socket at which nobody listens, the second one that is not the launch's own.</summary>
    public static BadHandshake TwoLines { get; } = AtConnect(
        "two-lines", "prints two handshakes, of which the first counts", HandshakeScript.Line() + HandshakeScript.Line(address: "/tmp/" + HandshakeScript.SocketName));

    /// <summary>A handshake with the address of a socket at which nobody listens, and then line after line.</summary>
    public static BadHandshake OutputFlood { get; } = AtConnect("output-flood", "floods its output after the handshake", HandshakeScript.Line(), HandshakeEnding.Flood);

    /// <summary>All that are named here, to run one test over them.</summary>
    public static IReadOnlyList<BadHandshake> All { get; } =
    [
        Silent, ExitsEarly, Garbage, NoiseBefore, Partial, Stalled, Oversized, WrongCoreVersion, WrongApplicationVersion, WrongNetwork, WrongProtocol, MissingAddress, ForeignAddress, DeadAddress,
        TwoLines, OutputFlood,
    ];

    /// <summary>Its name, in small letters with hyphens.</summary>
    public string Name { get; }

    /// <summary>What the program does, to follow "it".</summary>
    public string Description { get; }

    /// <summary>The step at which a right host refuses it.</summary>
    public PluginStartStage Stage { get; }

    /// <summary>Why a right host refuses it.</summary>
    public PluginStartReason Reason { get; }

    /// <summary>The program ends without a word.</summary>
    /// <param name="code">Its exit code, 0 to 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">No process ends with that code.</exception>
    public static BadHandshake EarlyExit(int code)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(code);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, byte.MaxValue);
        return new BadHandshake(
            "early-exit", $"ends without a word, with code {code}", PluginStartStage.Handshake, PluginStartReason.ExitedEarly, new HandshakeScript([], HandshakeEnding.Exit) { ExitCode = code });
    }

    /// <summary>Has a host play it in place of its plugin, without a process.</summary>
    /// <param name="options">The plugin's. Their file name is not looked for.</param>
    /// <returns>The same options.</returns>
    public PluginOptions ApplyTo(PluginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Runner = new HandshakeRunner(_script);
        return options;
    }

    /// <summary>Writes a program that plays it, for any host in whatever process: a script for <c>/bin/sh</c>.</summary>
    /// <param name="directory">Where to write it; the caller removes it. A file of the same name is replaced. Its path leaves room for that of a socket: 80 bytes are not too many.</param>
    /// <returns>The program's absolute path.</returns>
    /// <exception cref="PlatformNotSupportedException">This is Windows.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written there.</exception>
    public string WriteProgram(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("The program is a script for /bin/sh, which Windows does not have. A bad handshake can be played without a process: by " + nameof(ApplyTo) + ".");

        var path = Path.Combine(Path.GetFullPath(directory), Name);
        if (_script.HasDeadSocket)
            DeadSocket.Make(path + ShellText.DeadSocketSuffix);
        File.WriteAllText(path, ShellText.Of(Name, _script));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>That a host refuses it as a right one does.</summary>
    /// <param name="start">Starts a plugin that plays it. Should it start, whoever started it ends it.</param>
    /// <returns>The host's refusal, to look further into.</returns>
    /// <exception cref="ExpectationException">The host starts it, refuses it for another reason or at another step, or fails in another way. Says which.</exception>
    public async Task<PluginStartException> RefusedAsync(Func<Task> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        try
        {
            await start().ConfigureAwait(false);
        }
        catch (PluginStartException failure)
        {
            return (failure.Stage, failure.Reason) == (Stage, Reason)
                ? failure
                : throw Unmet($"the host refused it at the step {failure.Stage} for {failure.Reason}: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw Unmet($"the host failed with {failure.GetType()}: {failure.Message}", failure);
        }

        throw Unmet("the host has started it.", null);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private static BadHandshake AtHandshake(string name, string description, PluginStartReason reason, string output, HandshakeEnding ending = HandshakeEnding.Stay) =>
        new(name, description, PluginStartStage.Handshake, reason, HandshakeScript.Of(output, ending));

    private static BadHandshake AtConnect(string name, string description, string output, HandshakeEnding ending = HandshakeEnding.Stay) =>
        new(name, description, PluginStartStage.Connect, PluginStartReason.ConnectFailed, HandshakeScript.Of(output, ending) with { HasDeadSocket = true });

    private ExpectationException Unmet(string found, Exception? cause) => new(
        $"The bad handshake '{Name}' ({Description}) should be refused by the host at the step {Stage} for {Reason}, and {found}", cause);
}
