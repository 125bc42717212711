using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.TestPlugins.ConsolePlugin.Contract;
using Plugwire.TestPlugins.Faulty.Contract;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Services.GoPlugin;
using Plugwire.Wire.Services.Health;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.EndToEnd.Tests.GoPluginHost;

/// <summary>A plugin under a host that speaks go-plugin's protocol and nothing of Plugwire's own.</summary>
public sealed class GoPluginHostTests : PluginTest
{
    private const string CookieKey = "BASIC_PLUGIN";
    private const string CookieValue = "hello";

    [Fact]
    public async Task Plugin_StartedByAGoPluginHost_ServesAndEndsByShutdown()
    {
        await using var process = Start(TestPrograms.Faulty);
        var address = await HandshakeAsync(process, version: 1);
        Assert.True(File.Exists(address));
        await using var connection = await ConnectAsync(address);
        var calls = connection.CallInvoker;

        var health = await new Health.HealthClient(calls).CheckAsync(new HealthCheckRequest { Service = "plugin" }).ResponseAsync.Within();
        var answer = await new Kinds.KindsClient(calls).UnaryAsync(new Note { Text = "hello" }).ResponseAsync.Within();
        await new GRPCController.GRPCControllerClient(calls).ShutdownAsync(new Wire.Services.GoPlugin.Empty()).ResponseAsync.Within();

        Assert.Equal((HealthCheckResponse.Types.ServingStatus.Serving, "hello"), (health.Status, answer.Text));
        await process.ExitedAsync();
        Assert.Equal((0, ""), (process.ExitCode, await process.ReadToEndAsync()));
        HclogLine.AssertAllQuiet(await process.ErrorAsync());
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Plugin_PrintingUnderAGoPluginHost_StreamsItsConsole()
    {
        await using var process = Start(TestPrograms.Console, ("PLUGWIRE_PLUGIN", "7d1f5a8e-4c37-4b0e-9a55-started-by-a-plugwire-host"));
        await using var connection = await ConnectAsync(await HandshakeAsync(process, version: 1));
        using var console = new GRPCStdio.GRPCStdioClient(connection.CallInvoker).StreamStdio(new Google.Protobuf.WellKnownTypes.Empty());
        var writer = new ConsoleWriter.ConsoleWriterClient(connection.CallInvoker);

        foreach (var way in new[] { Way.Console, Way.Native, Way.Child, Way.Log })
            await writer.WriteAsync(new WriteRequest { Way = way, Text = way.ToString() }).ResponseAsync.Within();
        var text = new StringBuilder();
        while (text.ToString() != "Console\nNative\nChild\n" && await console.ResponseStream.MoveNext(CancellationToken.None).Within())
        {
            Assert.Equal(StdioData.Types.Channel.Stdout, console.ResponseStream.Current.Channel);
            text.Append(console.ResponseStream.Current.Data.ToStringUtf8());
        }

        Assert.Equal("Console\nNative\nChild\n", text.ToString());
        await new GRPCController.GRPCControllerClient(connection.CallInvoker).ShutdownAsync(new Wire.Services.GoPlugin.Empty()).ResponseAsync.Within();
        Assert.False(await console.ResponseStream.MoveNext(CancellationToken.None).Within());
        await process.ExitedAsync();
        Assert.Equal((0, ""), (process.ExitCode, await process.ReadToEndAsync()));
        HclogLine.AssertAllQuiet(await process.ErrorAsync());
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F40")]
    public async Task Plugin_InterruptedByCtrlC_GoesOnAndATerminateSignalStopsIt()
    {
        await using var process = Start(TestPrograms.Faulty);
        var address = await HandshakeAsync(process, version: 1);
        await using var connection = await ConnectAsync(address);
        var kinds = new Kinds.KindsClient(connection.CallInvoker);
        using var call = kinds.ClientStream();
        await call.ResponseHeadersAsync.Within();

        Signals.Send(process.Id, Signals.Interrupt);
        Assert.Equal("still here", (await kinds.UnaryAsync(new Note { Text = "still here" }).ResponseAsync.Within()).Text);
        Signals.Send(process.Id, Signals.Terminate);
        await call.RequestStream.WriteAsync(new Note { Number = 9 }, TestContext.Current.CancellationToken).Within();
        await call.RequestStream.CompleteAsync().Within();

        Assert.Equal(9, (await call.ResponseAsync.Within()).Number);
        await process.ExitedAsync();
        Assert.Equal(0, process.ExitCode);
        HclogLine.AssertAllQuiet(await process.ErrorAsync());
        Root.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("2,3", "1,2", 2)]
    [InlineData("7,8", "3,2", 2)]
    [InlineData("", "1", 1)]
    public async Task Version_OfTheHandshake_IsTheHighestInCommonOrThePluginsLowest(string hosts, string plugins, int expected)
    {
        await using var process = HandStart.Run(
            TestPrograms.Faulty, [$"--cookie-key={CookieKey}", $"--cookie-value={CookieValue}", $"--versions={plugins}"], [.. GoPluginVariables(), new("PLUGIN_PROTOCOL_VERSIONS", hosts)]);

        await HandshakeAsync(process, expected);

        Signals.Send(process.Id, Signals.Terminate);
        await process.ExitedAsync();
    }

    [Fact]
    public async Task Handshake_HostAsksForMultiplexing_SaysNoInTheSeventhField()
    {
        await using var process = Start(TestPrograms.Faulty, ("PLUGIN_MULTIPLEX_GRPC", "true"));

        Assert.EndsWith("|grpc||false", await process.ReadLineAsync(), StringComparison.Ordinal);

        Signals.Send(process.Id, Signals.Terminate);
        await process.ExitedAsync();
    }

    [Fact]
    public async Task Plugin_HostAsksForTls_ExplainsAndExitsWithOne()
    {
        await using var process = Start(TestPrograms.Faulty, ("PLUGIN_CLIENT_CERT", "-----BEGIN CERTIFICATE-----\n"));

        await process.ExitedAsync();

        Assert.Equal((1, ""), (process.ExitCode, await process.ReadToEndAsync()));
        Assert.Contains("AutoMTLS", await process.ErrorAsync(), StringComparison.Ordinal);
    }

    private HandStart Start(string program, params (string Name, string Value)[] more) => HandStart.Run(
        program,
        program == TestPrograms.Faulty ? [$"--cookie-key={CookieKey}", $"--cookie-value={CookieValue}"] : [],
        [.. GoPluginVariables(), .. more.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))]);

    private Dictionary<string, string> GoPluginVariables() => new(StringComparer.Ordinal)
    {
        [CookieKey] = CookieValue,
        ["PLUGIN_PROTOCOL_VERSIONS"] = "1",
        ["PLUGIN_MIN_PORT"] = "10000",
        ["PLUGIN_MAX_PORT"] = "25000",
        ["TMPDIR"] = Root.Path,
    };

    private async Task<string> HandshakeAsync(HandStart process, int version)
    {
        var line = await process.ReadLineAsync() ?? "no handshake: " + await process.ErrorAsync();
        Assert.Matches($"^1\\|{version}\\|unix\\|{Root.Path}/[^|]+\\|grpc\\|$", line);
        return line.Split('|')[3];
    }

    private static async Task<RpcClientConnection> ConnectAsync(string address)
    {
        var transport = await UnixSocketConnector.ConnectAsync(address, TimeProvider.System, TestContext.Current.CancellationToken).Within();
        var options = new RpcClientOptions { TimeProvider = TimeProvider.System, Logger = NullLogger.Instance };
        return await RpcClientConnection.ConnectAsync(transport, options, TestContext.Current.CancellationToken).Within();
    }
}
