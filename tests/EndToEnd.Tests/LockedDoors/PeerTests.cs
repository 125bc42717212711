using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Tests.Transports.UnixSockets;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.EndToEnd.Tests.LockedDoors;

/// <summary>Who connects to a plugin, and whom its host connects to.</summary>
public sealed class PeerTests : PluginTest
{
    private const UnixFileMode OthersMayEnter = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode AllMayConnect =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly DirectoryInfo _fifos = Directory.CreateTempSubdirectory("pwt");

    public override ValueTask DisposeAsync()
    {
        _fifos.Delete(recursive: true);
        return base.DisposeAsync();
    }

    [Fact]
    public async Task Plugin_ConnectionOfAnotherUserOnASocketOpenToAll_IsClosedBeforeAByteAndLoggedAndCallsGoOn()
    {
        OtherUser.SkipUnlessPossible();
        await using var plugin = await StartAsync(Faulty());
        var socket = Directory.EnumerateFiles(Root.Path, "plugin*", SearchOption.AllDirectories).Single();
        File.SetUnixFileMode(Root.Path, OthersMayEnter);
        File.SetUnixFileMode(Path.GetDirectoryName(socket)!, OthersMayEnter);
        File.SetUnixFileMode(socket, AllMayConnect);

        // More than the plugin takes connections: those of strangers do not count.
        for (var i = 0; i < 10; i++)
        {
            using var stranger = await OtherUser.RunAsync(() => Connect(socket)).Within();
            Assert.Equal(0, await stranger.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().Within());
        }

        Assert.Equal("hello", (await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Text = "hello" }).ResponseAsync.Within()).Text);
        var entry = await Log.EntryAsync(entry => entry.EventId.Name == "PeerRefused");
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Contains($"process {Environment.ProcessId} of user {OtherUser.Id}", entry.Message, StringComparison.Ordinal);
        await plugin.StopAsync(TestContext.Current.CancellationToken).Within();
    }

    [Fact]
    public async Task Plugin_HostThatGivesTheSocketToAGroup_ServesAMemberOfIt()
    {
        OtherUser.SkipUnlessPossible();
        File.SetUnixFileMode(Root.Path, OthersMayEnter);
        await using var process = HandStart.Run(
            TestPrograms.Faulty,
            [],
            new(LaunchVariables.DefaultCookieKey, LaunchVariables.DefaultCookieValue),
            new(LaunchVariables.ProtocolVersions, "1"),
            new(LaunchVariables.SocketGroup, OtherUser.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new("TMPDIR", Root.Path));
        var address = (await process.ReadLineAsync() ?? await process.ErrorAsync()).Split('|')[3];

        var socket = await OtherUser.RunAsync(() => Connect(address)).Within();
        await using (var connection = await RpcClientConnection.ConnectAsync(
            new TransportConnection(new UnixSocketStream(socket), address), new RpcClientOptions(), TestContext.Current.CancellationToken).Within())
        {
            Assert.Equal("hello", (await new Kinds.KindsClient(connection.CallInvoker).UnaryAsync(new Note { Text = "hello" }).ResponseAsync.Within()).Text);
        }

        Signals.Send(process.Id, Signals.Terminate);
        await process.ExitedAsync();
    }

    [Fact]
    [Trait("Fault", "F11")]
    public async Task Host_SocketOfAProcessThatItHasNotStarted_IsRefusedBeforeAByteAndLogged()
    {
        MakeFifo("launched");
        MakeFifo("go");
        var start = RefusedAsync(Shell($"""
            echo "$PLUGIN_UNIX_SOCKET_DIR" > '{Fifo("launched")}'
            read -r line < '{Fifo("go")}'
            echo "$line"
            exec sleep 60
            """));
        var directory = (await Task.Run(() => File.ReadAllText(Fifo("launched")), TestContext.Current.CancellationToken).Within()).Trim();
        await using var stranger = HandStart.Run(
            TestPrograms.Faulty,
            [],
            new(LaunchVariables.DefaultCookieKey, LaunchVariables.DefaultCookieValue),
            new(LaunchVariables.ProtocolVersions, "1"),
            new(LaunchVariables.SocketDirectory, directory));
        await File.WriteAllTextAsync(Fifo("go"), await stranger.ReadLineAsync() + "\n", TestContext.Current.CancellationToken).Within();

        var failure = await start;

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.AddressRefused), (failure.Stage, failure.Reason));
        Assert.Contains($"process {stranger.Id} listens there, which is neither the process", failure.Message, StringComparison.Ordinal);
        await Log.EntryAsync(entry => entry.Level == LogLevel.Warning && entry.Message.Contains($"process {stranger.Id} listens there", StringComparison.Ordinal));
        Signals.Send(stranger.Id, Signals.Terminate);
        await stranger.ExitedAsync();
        Assert.Equal(0, stranger.ExitCode);
    }

    [Theory]
    [InlineData("'{0}' & wait")]
    [InlineData("setsid '{0}' & wait")]
    [InlineData("('{0}' &); exec sleep 60")]
    public async Task Host_PluginBehindALauncher_IsCalled(string launcher)
    {
        await using var plugin = await StartAsync(Shell("exec 3<&0; " + launcher.Replace("'{0}'", $"'{TestPrograms.Faulty}' <&3", StringComparison.Ordinal)));

        Assert.Equal("hello", (await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Text = "hello" }).ResponseAsync.Within()).Text);
    }

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private string Fifo(string name) => Path.Combine(_fifos.FullName, name);

    private void MakeFifo(string name)
    {
        using var mkfifo = Process.Start("mkfifo", [Fifo(name)]);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
    }
}
