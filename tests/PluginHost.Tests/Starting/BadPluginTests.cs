using System.Net.Sockets;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Wire.Tests.Transports.UnixSockets;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Hosting.Tests.Starting;

public sealed class BadPluginTests
{
    private const string StayAlive = "exec sleep 60";

    [Fact]
    public async Task StartAsync_ProgramThatIsMissing_LeavesNoDirectory()
    {
        using var plugin = new ScriptPlugin("");
        plugin.Options.FileName = Path.Combine(plugin.Home, "missing");

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => Plugin.StartAsync(plugin.Options, TestContext.Current.CancellationToken));

        Assert.Equal((PluginStartStage.Resolve, PluginStartReason.NotFound), (failure.Stage, failure.Reason));
        Assert.Empty(Directory.EnumerateFileSystemEntries(plugin.Options.LaunchDirectoryRoot!));
    }

    [Fact]
    public async Task StartAsync_ExitBeforeTheHandshake_FailsAtOnceWithCodeAndLastWords()
    {
        using var plugin = new ScriptPlugin("echo 'no database' >&2; exit 7");

        var failure = await plugin.FailToStartAsync();

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.ExitedEarly), (failure.Stage, failure.Reason));
        Assert.Equal(7, failure.ExitCode);
        Assert.Null(failure.Signal);
        Assert.Equal("no database\n", failure.StandardErrorTail);
        Assert.Contains("no database", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Elapsed < Shell.Limit, "It waited for the timeout.");
    }

    [Fact]
    public async Task StartAsync_KilledBeforeTheHandshake_NamesTheSignal()
    {
        using var plugin = new ScriptPlugin("kill -KILL $$");

        var failure = await plugin.FailToStartAsync();

        Assert.Equal(PluginStartReason.ExitedEarly, failure.Reason);
        Assert.Equal(9, failure.Signal);
        Assert.Null(failure.ExitCode);
    }

    [Fact]
    public async Task StartAsync_ExitWhileADescendantHoldsThePipe_FailsAtOnceAndEndsTheDescendant()
    {
        using var plugin = new ScriptPlugin("sleep 60 & echo $! > \"$TMPDIR/../../child\"; exit 3");

        var failure = await plugin.FailToStartAsync();

        Assert.Equal((PluginStartReason.ExitedEarly, 3), (failure.Reason, failure.ExitCode));
        Assert.False(Shell.IsAlive(int.Parse(await File.ReadAllTextAsync(Path.Combine(plugin.Home, "child"), TestContext.Current.CancellationToken), null)));
    }

    [Theory]
    [InlineData("echo 'Hello, world!'")]
    [InlineData("echo; echo '1|1|unix|/x|grpc'")]
    [InlineData("echo '<html>|</html>'")]
    [InlineData("echo 'x|1|unix|/x|grpc'")]
    [InlineData("printf '\\377\\376|1|2|3\\n'")]
    public async Task StartAsync_GarbageInsteadOfAHandshake_ShowsIt(string script)
    {
        using var plugin = new ScriptPlugin($"{script}; {StayAlive}");

        var failure = await plugin.FailToStartAsync();

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.BadHandshake), (failure.Stage, failure.Reason));
        Assert.NotEmpty(failure.StandardOutput);
    }

    [Fact]
    public async Task StartAsync_HalfAHandshakeThenTheEnd_IsNoHandshake()
    {
        using var plugin = new ScriptPlugin("printf '1|1|unix'");

        var failure = await plugin.FailToStartAsync();

        Assert.Equal(PluginStartReason.BadHandshake, failure.Reason);
        Assert.Contains("in the middle of the first line", failure.Message, StringComparison.Ordinal);
        Assert.Equal("1|1|unix", failure.StandardOutput);
        Assert.Equal(0, failure.ExitCode);
    }

    [Fact]
    public async Task StartAsync_OutputClosedWithoutAWord_FailsAtOnce()
    {
        using var plugin = new ScriptPlugin($"exec 1>&-; {StayAlive}");

        var failure = await plugin.FailToStartAsync();

        Assert.Equal(PluginStartReason.BadHandshake, failure.Reason);
        Assert.Contains("closed its standard output", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_LineWithoutEnd_FailsAtTheLimit()
    {
        using var plugin = new ScriptPlugin("exec cat /dev/zero");

        var failure = await plugin.FailToStartAsync();

        Assert.Equal(PluginStartReason.BadHandshake, failure.Reason);
        Assert.Contains("4096 bytes", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.StandardOutput.Length < 16 * 1024);
    }

    [Fact]
    public async Task StartAsync_NoLine_TimesOutAndNamesTheOption()
    {
        using var plugin = new ScriptPlugin($"echo waiting >&2; {StayAlive}");
        plugin.Options.StartTimeout = TimeSpan.FromSeconds(1.5);

        var failure = await plugin.FailToStartAsync();

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
        Assert.Contains("1.5 s (StartTimeout)", failure.Message, StringComparison.Ordinal);
        Assert.Equal("waiting\n", failure.StandardErrorTail);
        Assert.Null(failure.ExitCode);
    }

    [Theory]
    [InlineData("2|1|unix|$TMPDIR/s|grpc", PluginStartReason.UnsupportedProtocol)]
    [InlineData("1|9|unix|$TMPDIR/s|grpc", PluginStartReason.VersionMismatch)]
    [InlineData("1|1|tcp|127.0.0.1:10000|grpc", PluginStartReason.UnsupportedProtocol)]
    [InlineData("1|1|unix|$TMPDIR/s|netrpc", PluginStartReason.UnsupportedProtocol)]
    [InlineData("1|1|unix|$TMPDIR/../s|grpc", PluginStartReason.AddressRefused)]
    [InlineData("1|1|unix|/run/docker.sock|grpc", PluginStartReason.AddressRefused)]
    [InlineData("1|1|unix|s|grpc", PluginStartReason.AddressRefused)]
    [InlineData("1|1|unix|$TMPDIR/missing|grpc", PluginStartReason.AddressRefused)]
    public async Task StartAsync_HandshakeThatTheHostCannotUse_IsRefused(string line, PluginStartReason reason)
    {
        using var plugin = new ScriptPlugin($"echo \"{line}\"; {StayAlive}");

        var failure = await plugin.FailToStartAsync();

        Assert.Equal((PluginStartStage.Handshake, reason), (failure.Stage, failure.Reason));
    }

    [Fact]
    public async Task StartAsync_SocketThatNobodyListensOn_FailsAtOnce()
    {
        using var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await using var plugin = new FifoPlugin(path => dead.Bind(new UnixDomainSocketEndPoint(path)));

        var failure = await plugin.FailToStartAsync();

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.ConnectFailed), (failure.Stage, failure.Reason));
        Assert.Contains("nobody listens there", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_SocketOnWhichAnotherUserListens_IsRefusedBeforeAByteIsSent()
    {
        OtherUser.SkipUnlessPossible();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await using var plugin = new FifoPlugin(path =>
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            OtherUser.RunAsync(() => { socket.Listen(); return true; }).GetAwaiter().GetResult();
        });

        var failure = await plugin.FailToStartAsync();

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.AddressRefused), (failure.Stage, failure.Reason));
        Assert.Contains($"of user {OtherUser.Id}", failure.Message, StringComparison.Ordinal);
        using var accepted = await socket.AcceptAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Shell.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(0, await accepted.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().WaitAsync(Shell.Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task StartAsync_SocketThatNeverAnswers_TimesOutAndNamesTheOption()
    {
        await using var plugin = new FifoPlugin(path => UnixSocketListener.Bind(path));
        plugin.Options.ConnectTimeout = TimeSpan.FromSeconds(1);

        var failure = await plugin.FailToStartAsync();

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
        Assert.Contains("1 s (ConnectTimeout)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_ExitWhileTheHostConnects_IsAnEarlyExit()
    {
        await using var plugin = new FifoPlugin(path => UnixSocketListener.Bind(path), afterHandshake: "exit 5");

        var failure = await plugin.FailToStartAsync();

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.ExitedEarly, 5), (failure.Stage, failure.Reason, failure.ExitCode));
    }

    [Fact]
    public async Task StartAsync_CancelledWhileThePluginHangs_EndsThePluginBeforeItReturns()
    {
        await using var plugin = new FifoPlugin(_ => null, handshake: false);
        using var cancel = new CancellationTokenSource();

        var start = Plugin.StartAsync(plugin.Options, cancel.Token);
        await plugin.Launched.WaitAsync(Shell.Limit, TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        var end = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WaitAsync(Shell.Limit, TestContext.Current.CancellationToken));
        Assert.Equal(cancel.Token, end.CancellationToken);
        plugin.AssertNothingIsLeft();
    }

    [Fact]
    public async Task StartAsync_CancelledBefore_StartsNothing()
    {
        using var plugin = new ScriptPlugin(StayAlive);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Plugin.StartAsync(plugin.Options, new CancellationToken(canceled: true)));

        Assert.False(File.Exists(Path.Combine(plugin.Home, "pid")));
    }
}
