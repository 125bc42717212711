using Plugwire.Hosting;
using Plugwire.Promises.Scaling;
using Plugwire.TestPlugins.Faulty;

namespace Plugwire.Promises.Staging;

/// <summary>The place of one run: its plugins, with their launch directories in a directory of its own. With it all of them end, and whatever they have left behind.</summary>
internal sealed class Stage(Scale scale) : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private readonly List<IAsyncDisposable> _owned = [];

    public Scale Scale => scale;

    /// <summary>Short, as the paths of sockets in it are. Every process of the stage has it in its environment, and no other.</summary>
    public string Root { get; } = Directory.CreateDirectory(Path.Combine("/tmp", "pwp-" + Guid.NewGuid().ToString("N")[..12]), OwnerOnly).FullName;

    /// <summary>What the hosts of the stage log.</summary>
    public CountedLog Log { get; } = new();

    /// <summary>The plugin that does what it is told, with its arguments.</summary>
    public PluginOptions Faulty(params string[] arguments) => Options(Programs.Faulty, arguments);

    public PluginOptions Faulty(ProcessFault fault) => Faulty(fault.Arguments);

    /// <summary>What a line of shell does in place of a plugin, or before it becomes one.</summary>
    public PluginOptions Shell(string script) => Options("/bin/sh", "-c", script);

    /// <summary>The plugin, after a line of shell in the same process.</summary>
    public PluginOptions FaultyAfter(string script) => Shell($"{script} exec '{Programs.Faulty}'");

    /// <summary>Starts a plugin that ends with the stage at the latest.</summary>
    public async Task<Plugin> StartAsync(PluginOptions options, CancellationToken cancellationToken) => Own(await Plugin.StartAsync(options, cancellationToken));

    /// <summary>Ends it with the stage.</summary>
    public T Own<T>(T thing)
        where T : IAsyncDisposable
    {
        lock (_lock)
            _owned.Add(thing);
        return thing;
    }

    /// <summary>The processes of the stage that run.</summary>
    public IReadOnlyList<int> Processes() => ProcessFiles.WithEnvironment(Root);

    /// <summary>A clause for each process that runs and each file that lies there.</summary>
    public IReadOnlyList<string> Leftovers() =>
    [
        .. Processes().Select(id => $"process {id} runs ({ProcessFiles.CommandLine(id)})"),
        .. Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Select(path => $"'{path}' is left"),
    ];

    /// <summary>Waits until no process of the stage runs.</summary>
    /// <returns>How long that took, to a few milliseconds; the limit when it was not enough.</returns>
    public async Task<TimeSpan> UntilGoneAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        TimeSpan passed;
        while ((passed = TimeProvider.System.GetElapsedTime(began)) < limit && Processes().Count > 0)
            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken);
        return passed;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_owned.Select(thing => thing.DisposeAsync().AsTask()));
        }
        finally
        {
            foreach (var id in Processes())
                Signals.TrySend(id, Signals.Kill);
            await UntilGoneAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
            Directory.Delete(Root, recursive: true);
        }
    }

    /// <summary>As by default, but that nothing is started again, and that a busy machine has time for a start: that is never what is measured.</summary>
    public PluginOptions Options(string fileName, params string[] arguments) => new(fileName, arguments)
    {
        Name = "subject",
        LaunchDirectoryRoot = Root,
        LoggerFactory = Log,
        StartTimeout = TimeSpan.FromSeconds(60),
        ConnectTimeout = TimeSpan.FromSeconds(30),
        Restart = { Policy = PluginRestartPolicy.Never },
    };
}
