using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Configuration;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Offering;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting;

/// <summary>
/// How one plugin is started, talked to and stopped. A start takes a copy: what is changed afterwards counts for the next start.
/// Not safe for use by several threads while it is changed.
/// </summary>
public sealed class PluginOptions
{
    /// <summary>Creates options with the defaults and no program.</summary>
    public PluginOptions()
    {
    }

    /// <summary>Creates options with the defaults for one program.</summary>
    /// <param name="fileName">See <see cref="FileName"/>.</param>
    /// <param name="arguments">See <see cref="Arguments"/>.</param>
    public PluginOptions(string fileName, params IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        FileName = fileName;
        Arguments = [.. arguments];
    }

    /// <summary>
    /// The plugin's program: an executable, a <c>.dll</c> (run by dotnet), a <c>.py</c>, a <c>.js</c>, or the name of a command on the search
    /// path. A path that is not absolute begins in the directory of the host's program, not in the current directory, which may be anybody's. Required.
    /// </summary>
    public string FileName { get; set; } = "";

    /// <summary>The program's arguments, passed as they are: no shell reads them. Empty by default.</summary>
    public IList<string> Arguments { get; private init; } = [];

    /// <summary>
    /// The directory in which the program starts. Null, the default, is the directory of <see cref="FileName"/>, and where that is a name alone, the directory
    /// of the host's program; of a plugin that is run from a private copy (<see cref="Integrity"/>), that of the copied program. A path that is not absolute begins in the directory of the host's program.
    /// </summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>Environment variables of this plugin, put over what it is given anyway; a null value takes a variable away. Empty by default. Not
    /// for <see cref="CookieKey"/>, for <c>TMPDIR</c>, which is the launch directory, nor for names that begin with <c>PLUGIN_</c> or <c>PLUGWIRE_</c>: a start refuses these.</summary>
    public IDictionary<string, string?> Environment { get; private init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>
    /// Whether the plugin gets all environment variables of the host instead of a few harmless ones (search path, home, language, time zone,
    /// where .NET is). False by default: an environment carries secrets, and variables that make a program load code.
    /// </summary>
    public bool InheritEnvironment { get; set; }

    /// <summary>The plugin's name in logs and errors. Null, the default, is the file's name, or the name under which a plugin host has it.</summary>
    public string? Name { get; set; }

    /// <summary>The environment variable by which a plugin knows that a host of its application started it. Host and plugin must have the same.</summary>
    public string CookieKey { get; set; } = LaunchVariables.DefaultCookieKey;

    /// <summary>The value of <see cref="CookieKey"/>. It tells a mistake, it is no secret.</summary>
    public string CookieValue { get; set; } = LaunchVariables.DefaultCookieValue;

    /// <summary>The versions of the application's contract that this host speaks; the plugin chooses the highest that it has too. Empty, the default, means 1.</summary>
    public IList<int> ProtocolVersions { get; private init; } = [];

    /// <summary>
    /// Settings for the plugin, which arrive as its configuration, through a file that only this user can read and that ends with the plugin.
    /// Null, the default, is none.
    /// </summary>
    public JsonObject? Settings { get; set; }

    /// <summary>The lowest level that the plugin logs after its start; <see cref="LogLevel.Information"/> by default.</summary>
    public LogLevel MinimumLogLevel { get; set; } = LogLevel.Information;

    /// <summary>
    /// How many lines of the plugin's log, which is its standard error, go to <see cref="LoggerFactory"/> each second, and twice as many at once; 1,000 by default, null is
    /// without limit. Lines that come faster are left out there, with a warning that counts them. They are read all the same, and their end is kept for errors and exit reports.
    /// </summary>
    public int? MaxLogLinesPerSecond { get; set; } = 1000;

    /// <summary>How long all steps of a start may take together, those before there is a process included; 10 s by default. A step that hangs in the system, as on a network's file system whose server is gone, is left behind.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long, within <see cref="StartTimeout"/>, connecting, the first health check and the check of the contracts may take together; 5 s by default.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits for the plugin to finish its calls and end after it was asked to; 5 s by default, zero does not ask.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits after the terminate signal; 2 s by default, zero sends none.</summary>
    public TimeSpan TerminateTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a stop waits for the system to confirm that a killed plugin has ended; 1 s by default.</summary>
    public TimeSpan KillTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether, how often and how soon the plugin is started again when it has ended without being asked to. What it says at the plugin's first start holds for all its launches.</summary>
    public PluginRestartOptions Restart { get; private init; } = new();

    /// <summary>How the host watches whether the plugin still answers. What it says at the plugin's first start holds for all its launches.</summary>
    public PluginHealthOptions Health { get; private init; } = new();

    /// <summary>The largest message that the host takes from the plugin, in bytes; 16 MiB by default, null is without limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>The largest message that the host sends to the plugin, in bytes; 16 MiB by default, null is without limit.</summary>
    public int? MaxSendMessageSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>The largest headers or trailers of a call that the host takes from the plugin, in bytes; 16 KiB by default.</summary>
    public int MaxMetadataSize { get; set; } = 16 * 1024;

    /// <summary>
    /// How many HTTP/2 frames that move no call on (pings, settings, resets, window updates and the like) the plugin may send at once on a connection; as many come back each second, and some with
    /// each frame of a call that the host sends. Beyond, the connection ends with ENHANCE_YOUR_CALM, and its calls with it. At least 1,000; null is without limit. 20,000 by default.
    /// </summary>
    public int? MaxIdleFramesPerSecond { get; set; } = 20_000;

    /// <summary>
    /// After how long a silence of the plugin on a connection it is asked by an HTTP/2 PING whether it is still there. At least 1 second; infinite asks never. Some servers end a connection that
    /// is asked often: those of grpc-go, unless told otherwise, more often than every 5 minutes. Infinite by default: the host asks for its health on the control connection (<see cref="Health"/>).
    /// </summary>
    public TimeSpan KeepAlivePingDelay { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long the plugin may be silent after such a PING before the connection ends, with its calls. At least 1 second. 20 s by default.</summary>
    public TimeSpan KeepAlivePingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether the plugin is told the message of an exception that the host's own side of a call threw, in a contract of <see cref="AddHostContract{TContract}"/>, where it is one that becomes
    /// <c>Unknown</c>. It may hold what is not the plugin's to know. False by default: the exception's type alone crosses, and all of it goes into the host's log.
    /// </summary>
    public bool DetailedErrors { get; set; }

    /// <summary>The directory in which the plugin's launch directory is made. Null, the default, is the user's runtime or temporary directory. It must be short: a socket's path is limited.</summary>
    public string? LaunchDirectoryRoot { get; set; }

    /// <summary>Which files of the plugin are run: those where the program lies, or a private copy of them, checked against a manifest. By default the former. It is never null.</summary>
    public PluginIntegrityOptions Integrity { get; private init; } = new();

    /// <summary>What the plugin's process may use up. It is never null.</summary>
    public PluginLimitOptions Limits { get; private init; } = new();

    /// <summary>
    /// Whether the plugin is started with what takes doors away that it does not need: no diagnostics endpoints of the .NET runtime (no debugger, profiler or dump tool can attach to it), no core dumps, no new rights by
    /// set-user-id programs, and at most 1,024 open files where <see cref="Limits"/> does not say. False by default.
    /// </summary>
    public bool Hardened { get; set; }

    /// <summary>Interceptors of all calls to the plugin, the first outermost. Empty by default. They are the caller's; a plugin does not dispose them.</summary>
    public IList<Interceptor> Interceptors { get; private init; } = [];

    /// <summary>Where the host's and the plugin's logs go. Null, the default, is nowhere, or the application's with <c>AddPluginHost</c>. It is the caller's; a plugin does not dispose it.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock of all budgets and waits; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>When an application starts the plugin; <see cref="PluginStartup.OnFirstUse"/> by default. Only an application with <c>AddPluginHost</c> looks at it.</summary>
    public PluginStartup Startup { get; set; }

    /// <summary>How far a start checks the contracts of <see cref="AddContract{TContract}"/>; <see cref="ContractCheck.WhenServed"/> by default. Without such a contract nothing is asked.</summary>
    public ContractCheck ContractCheck { get; set; }

    /// <summary>Where the plugin runs; in a process of its own by default.</summary>
    internal PluginRunner Runner { get; set; } = PluginRunner.OwnProcess;

    /// <summary>Told of each of the application's calls; what it answers is disposed of when the call has ended. Null for nobody.</summary>
    internal Func<string, IDisposable>? ObserveCall { get; set; }

    internal List<RequestedContract> Contracts { get; private init; } = [];

    /// <summary>
    /// Asks the plugin for a contract: a start compares what the host means by it with what the plugin serves, and fails with a <see cref="ContractMismatchException"/> when calls would
    /// break. What the plugin serves can be called without, unchecked. Asking again changes nothing.
    /// </summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    /// <returns>These options.</returns>
    public PluginOptions AddContract<TContract>()
        where TContract : class, IContract<TContract>
    {
        if (!Contracts.Exists(contract => contract.Contract == typeof(TContract)))
            Contracts.Add(RequestedContract.Of<TContract>());
        return this;
    }

    /// <summary>Sets <see cref="Settings"/> from an object of the host's.</summary>
    /// <param name="value">Becomes a JSON object.</param>
    /// <param name="typeInfo">How; from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <exception cref="ArgumentException">The value becomes something else than a JSON object.</exception>
    public void SetSettings<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        Settings = JsonSerializer.SerializeToNode(value, typeInfo) switch
        {
            JsonObject settings => settings,
            var other => throw new ArgumentException(
                $"A plugin's settings are a JSON object: {typeof(T)} becomes {other?.GetValueKind().ToString() ?? "null"}.", nameof(value)),
        };
    }

    /// <summary>
    /// Offers a contract to the plugin, which may call it while it runs: also while the host waits for an answer of the plugin's, and while the host stops it, until the plugin
    /// has ended its own calls. The limits of messages and metadata are those of these options.
    /// </summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    /// <param name="implementation">
    /// Handles the plugin's calls, many at once. It stays the caller's: nobody disposes of it. When the plugin ends in whatever way, the tokens of its calls fire.
    /// <see cref="CallContext.Peer"/> is <c>plugin:</c> and the plugin's name.
    /// </param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="implementation"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The contract has been added before.</exception>
    /// <remarks>A plugin that knows no calls back, because it is not made with Plugwire or with an older version, starts all the same.</remarks>
    public PluginOptions AddHostContract<TContract>(TContract implementation)
        where TContract : class, IContract<TContract>
    {
        ArgumentNullException.ThrowIfNull(implementation);
        return Add(HostContract.Of(implementation));
    }

    internal List<HostContract> HostContracts { get; private init; } = [];

    internal PluginOptions Add(HostContract contract)
    {
        if (HostContracts.Exists(other => other.ServiceName == contract.ServiceName))
            throw new InvalidOperationException($"The contract '{contract.ServiceName}' has been offered to the plugin before: one implementation takes its calls.");

        HostContracts.Add(contract);
        return this;
    }

    /// <summary>The name that everything is reported under.</summary>
    internal string EffectiveName => string.IsNullOrEmpty(Name) ? Path.GetFileName(FileName) : Name;

    internal IReadOnlyList<int> EffectiveProtocolVersions => ProtocolVersions.Count == 0 ? [1] : [.. ProtocolVersions];

    /// <summary>What a start keeps, so that nothing changes under it.</summary>
    internal PluginOptions Copy() => new()
    {
        FileName = FileName,
        Arguments = [.. Arguments],
        WorkingDirectory = WorkingDirectory,
        Environment = new Dictionary<string, string?>(Environment, StringComparer.Ordinal),
        InheritEnvironment = InheritEnvironment,
        Name = Name,
        CookieKey = CookieKey,
        CookieValue = CookieValue,
        ProtocolVersions = [.. ProtocolVersions],
        Settings = (JsonObject?)Settings?.DeepClone(),
        MinimumLogLevel = MinimumLogLevel,
        MaxLogLinesPerSecond = MaxLogLinesPerSecond,
        StartTimeout = StartTimeout,
        ConnectTimeout = ConnectTimeout,
        DrainTimeout = DrainTimeout,
        TerminateTimeout = TerminateTimeout,
        KillTimeout = KillTimeout,
        Restart = Restart.Copy(),
        Health = Health.Copy(),
        MaxReceiveMessageSize = MaxReceiveMessageSize,
        MaxSendMessageSize = MaxSendMessageSize,
        MaxMetadataSize = MaxMetadataSize,
        MaxIdleFramesPerSecond = MaxIdleFramesPerSecond,
        KeepAlivePingDelay = KeepAlivePingDelay,
        KeepAlivePingTimeout = KeepAlivePingTimeout,
        DetailedErrors = DetailedErrors,
        LaunchDirectoryRoot = LaunchDirectoryRoot,
        Integrity = Integrity.Copy(),
        Limits = Limits.Copy(),
        Hardened = Hardened,
        Interceptors = [.. Interceptors],
        HostContracts = [.. HostContracts],
        LoggerFactory = LoggerFactory,
        TimeProvider = TimeProvider,
        Startup = Startup,
        Runner = Runner,
        ObserveCall = ObserveCall,
        ContractCheck = ContractCheck,
        Contracts = [.. Contracts],
    };
}
