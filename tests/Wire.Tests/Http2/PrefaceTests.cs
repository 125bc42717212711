using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "3.4 HTTP/2 Connection Preface")]
public sealed class PrefaceTests
{
    [Fact]
    public async Task Server_FromTheStart_SendsItsSettingsAndItsConnectionWindow()
    {
        await using var server = ConnectionUnderTest.Server();
        var settings = (await server.Peer.ReadAsync())!;
        Assert.Equal("SETTINGS", settings.ToString());
        byte[] expected = [0, 3, 0, 0, 3, 0xE8, 0, 4, 0, 4, 0, 0, 0, 5, 0, 1, 0, 0, 0, 6, 0, 0, 0x40, 0];
        Assert.Equal(expected, settings.Payload);
        Assert.Equal("WINDOW_UPDATE 0 +4128769", (await server.Peer.ReadAsync())!.ToString());
    }

    [Fact]
    public async Task Client_FromTheStart_SendsThePrefaceAndItsSettingsWithPushSwitchedOff()
    {
        await using var client = ConnectionUnderTest.Client();
        await client.ReadPrefaceAsync();
        var settings = (await client.Peer.ReadAsync())!;
        Assert.Equal("SETTINGS", settings.ToString());
        byte[] expected = [0, 2, 0, 0, 0, 0, 0, 4, 0, 4, 0, 0, 0, 5, 0, 1, 0, 0, 0, 6, 0, 0, 0x40, 0];
        Assert.Equal(expected, settings.Payload);
    }

    [Fact]
    public async Task Connection_WhoseWindowIsTheDefault_SendsNoWindowUpdateOfNothing()
    {
        await using var server = ConnectionUnderTest.Server(logger => new Http2Options { Logger = logger, ConnectionWindow = 65_535 });
        await server.Peer.SendAsync(Raw.Preface, Raw.Settings());
        Assert.Equal(["SETTINGS", "SETTINGS ACK"], (await server.Peer.FenceAsync()).Select(frame => frame.ToString()));
    }

    [Fact]
    public void ConnectionWindow_BelowWhatEveryPeerMaySend_IsRefused()
    {
        using var nowhere = new MemoryStream();
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Http2Connection.Start(nowhere, Http2Role.Client, new Http2Options { ConnectionWindow = 65_534 }));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: here\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\n\r")]
    [InlineData("X")]
    public async Task Server_WhoseClientBeginsWithSomethingElse_EndsWithProtocolError(string beginning)
    {
        await using var server = ConnectionUnderTest.Server();
        await server.Peer.SendAsync(Encoding.ASCII.GetBytes(beginning));
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
        await server.ClosedAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(23)]
    [InlineData(24)]
    public async Task Server_ThatHasPartOfThePrefaceAlready_TakesTheRest(int length)
    {
        await using var server = ConnectionUnderTest.ServerThatHas(Raw.Preface.AsMemory(0, length));
        foreach (var rest in Raw.Preface[length..])
            await server.Peer.SendAsync([rest]);
        await server.Peer.SendAsync(Raw.Settings(), Raw.SettingsAck);
        Assert.Contains("SETTINGS ACK", (await server.Peer.FenceAsync()).Select(frame => frame.ToString()));
        Assert.Null(server.Connection.Loss);
    }

    [Fact]
    public async Task Server_ThatHasSomethingElseThanThePreface_EndsWithProtocolError()
    {
        await using var server = ConnectionUnderTest.ServerThatHas("G"u8.ToArray());
        await server.Peer.SendAsync(Raw.Preface[1..]);
        await server.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
        await server.ClosedAsync();
    }

    [Theory]
    [InlineData(Http2Role.Server, 25)]
    [InlineData(Http2Role.Client, 1)]
    internal void Connection_HandedMoreThanAPreface_IsRefused(Http2Role role, int length)
    {
        using var nowhere = new MemoryStream();
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Http2Connection.Start(nowhere, role, new Http2Options(), (_, _) => null, new byte[length]));
    }

    [Fact]
    public async Task Client_WhoseServerAnswersInHttp1_EndsWithProtocolErrorAtOnce()
    {
        await using var client = ConnectionUnderTest.Client();
        await client.Peer.SendAsync("HTTP/1.1 4"u8.ToArray());
        await client.ReadPrefaceAsync();
        await client.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
        await client.ClosedAsync();
        Assert.Contains("SETTINGS", client.Connection.Loss!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    internal async Task Connection_WhoseFirstFrameIsAPing_EndsWithProtocolError(Http2Role role)
    {
        await using var connection = await BeginAsync(role);
        await connection.Peer.SendAsync(Raw.Ping(1));
        await connection.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
    }

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    internal async Task Connection_WhoseFirstFrameAcknowledgesSettings_EndsWithProtocolError(Http2Role role)
    {
        await using var connection = await BeginAsync(role);
        await connection.Peer.SendAsync(Raw.SettingsAck);
        await connection.Peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
    }

    [Theory]
    [InlineData(Http2Role.Server, 0)]
    [InlineData(Http2Role.Server, 23)]
    [InlineData(Http2Role.Server, 30)]
    [InlineData(Http2Role.Client, 0)]
    [InlineData(Http2Role.Client, 8)]
    internal async Task Connection_WhosePeerSendsNoWholeSettingsInTime_EndsWithSettingsTimeout(Http2Role role, int sent)
    {
        var time = new FakeTimeProvider();
        Http2Options Options(ILogger logger) => new() { Logger = logger, TimeProvider = time, PrefaceTimeout = TimeSpan.FromSeconds(5) };
        await using var connection = role == Http2Role.Server ? ConnectionUnderTest.Server(Options) : ConnectionUnderTest.Client(Options);
        byte[] bytes = role == Http2Role.Server ? [.. Raw.Preface, .. Raw.Settings()] : Raw.Settings();
        await connection.Peer.SendAsync(bytes[..sent]);
        if (role == Http2Role.Client)
            await connection.ReadPrefaceAsync();

        time.Advance(TimeSpan.FromSeconds(4.999));
        Assert.False(connection.Connection.Closed.IsCompleted);
        Assert.Null(connection.Connection.Loss);
        time.Advance(TimeSpan.FromSeconds(0.001));
        await connection.Peer.ExpectGoAwayAsync(Http2ErrorCode.SettingsTimeout);
        await connection.ClosedAsync();
        Assert.Contains("within 5 s", connection.Connection.Loss!.Reason, StringComparison.Ordinal);
        Assert.True(connection.Connection.Ready.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Connection_WhoseSettingsCameInTime_DoesNotEndLater()
    {
        var time = new FakeTimeProvider();
        await using var server = await ConnectionUnderTest.ServerAsync(logger => new Http2Options { Logger = logger, TimeProvider = time });
        Assert.True(server.Connection.Ready.IsCompletedSuccessfully);
        time.Advance(TimeSpan.FromDays(1));
        await server.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    public async Task Server_WhosePeerLeavesWithoutAWord_EndsWithoutAComplaint()
    {
        await using var server = ConnectionUnderTest.Server();
        await server.Peer.DisposeAsync();
        await server.ClosedAsync();
        Assert.Null(server.Connection.Loss!.ErrorCode);
        Assert.Empty(server.Messages);
    }

    private static async Task<ConnectionUnderTest> BeginAsync(Http2Role role)
    {
        var connection = role == Http2Role.Server ? ConnectionUnderTest.Server() : ConnectionUnderTest.Client();
        if (role == Http2Role.Server)
            await connection.Peer.SendAsync(Raw.Preface);
        else
            await connection.ReadPrefaceAsync();
        return connection;
    }
}
