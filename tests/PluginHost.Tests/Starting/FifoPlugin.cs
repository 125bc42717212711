using System.Diagnostics;
using System.Globalization;
using Plugwire.Hosting.Tests.Launching;

namespace Plugwire.Hosting.Tests.Starting;

/// <summary>
/// A plugin whose process is a shell and whose socket the test itself serves: the shell says where its launch directory is, waits until the test listens there, and prints the
/// handshake. So a test scripts both halves of a plugin apart from each other.
/// </summary>
internal sealed class FifoPlugin : IAsyncDisposable
{
    /// <summary>Ends with exit code 0 on the terminate signal.</summary>
    public const string WellBehaved = "trap 'exit 0' TERM";

    public const string LiveAsLongAsTheHost = "cat <&3 >/dev/null & wait $!";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("pwt");
    private readonly object?[] _served = new object?[1];

    /// <param name="serve">Listens at the path of the plugin's socket; what it returns is disposed with the plugin.</param>
    /// <param name="handshake">False for a plugin that hangs before it.</param>
    /// <param name="beforeHandshake">How the shell prepares itself.</param>
    /// <param name="afterHandshake">What the shell does then.</param>
    public FifoPlugin(
        Func<string, object?> serve, bool handshake = true, string beforeHandshake = WellBehaved, string afterHandshake = LiveAsLongAsTheHost)
    {
        MakeFifo("launched");
        MakeFifo("go");
        var launches = _home.CreateSubdirectory("l");
        Options = new PluginOptions(
            "/bin/sh",
            "-c",
            $"""
            cd '{_home.FullName}'
            exec 3<&0
            {beforeHandshake}
            echo "$$ $PLUGIN_UNIX_SOCKET_DIR" > launched
            {(handshake ? "read go < go" : "exec sleep 60")}
            echo "1|1|unix|$PLUGIN_UNIX_SOCKET_DIR/s|grpc|"
            {afterHandshake}
            """)
        {
            Name = "fake",
            LaunchDirectoryRoot = launches.FullName,
            StartTimeout = Shell.Limit,
            ConnectTimeout = Shell.Limit,
            Restart = { Policy = PluginRestartPolicy.Never },
            Health = { Interval = Timeout.InfiniteTimeSpan },
        };
        Launched = Task.Factory.StartNew(
            () => Serve(serve, handshake), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public FifoPlugin(Action<string> serve)
        : this(path => { serve(path); return null; })
    {
    }

    public PluginOptions Options { get; }

    /// <summary>Ends when the shell runs and the socket is served: the shell's process.</summary>
    public Task<int> Launched { get; }

    public async Task<Plugin> StartAsync() =>
        await Plugin.StartAsync(Options, TestContext.Current.CancellationToken).WaitAsync(Shell.Limit, TestContext.Current.CancellationToken);

    /// <summary>Starts it, which must fail; what it leaves behind fails the test.</summary>
    public async Task<PluginStartException> FailToStartAsync()
    {
        var failure = await Assert.ThrowsAnyAsync<PluginStartException>(StartAsync);
        AssertNothingIsLeft();
        return failure;
    }

    public void AssertNothingIsLeft()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(Options.LaunchDirectoryRoot!));
        Assert.True(Launched.IsCompletedSuccessfully);
        Assert.False(Shell.IsAlive(Launched.GetAwaiter().GetResult()), "The plugin's process is still alive.");
    }

    public async ValueTask DisposeAsync()
    {
        switch (_served[0])
        {
            case IAsyncDisposable asynchronous:
                await asynchronous.DisposeAsync();
                break;
            case IDisposable synchronous:
                synchronous.Dispose();
                break;
        }

        _home.Delete(recursive: true);
    }

    private int Serve(Func<string, object?> serve, bool handshake)
    {
        var launch = File.ReadAllText(Path.Combine(_home.FullName, "launched")).Trim().Split(' ', 2);
        _served[0] = serve(Path.Combine(launch[1], "s"));
        if (handshake)
            File.WriteAllText(Path.Combine(_home.FullName, "go"), "\n");
        return int.Parse(launch[0], CultureInfo.InvariantCulture);
    }

    private void MakeFifo(string name)
    {
        using var mkfifo = Process.Start("mkfifo", [Path.Combine(_home.FullName, name)]);
        Assert.True(mkfifo.WaitForExit(Shell.Limit));
        Assert.Equal(0, mkfifo.ExitCode);
    }
}
