using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>What clients say to a server.</summary>
internal static class ClientConversations
{
    public static IReadOnlyList<Conversation> All { get; } =
    [
        Begin("unary calls")
            .Request(1, "Unary").Message(1, endStream: true)
            .Request(3, "Unary", more: ("grpc-timeout", "10S")).Message(3).Add(Raw.Data(3, 0, endStream: true))
            .Request(5, "Unary", more: ("note", "kept in the table")).Message(5, 0, endStream: true)
            .Request(7, "Unary", more: ("note", "kept in the table")).Message(7, endStream: true),
        Begin("a client's stream")
            .Request(1, "ClientStream").Message(1).Message(1, 100).Message(1, 0).Add(Raw.Data(1, 0, endStream: true))
            .Request(3, "ClientStream", endStream: true),
        Begin("a server's stream")
            .Request(1, "ServerStream").Message(1, 1000, endStream: true).Add(Raw.WindowUpdate(1, 5000), Raw.WindowUpdate(0, 5000))
            .Request(3, "ServerStream").Message(3, 40_000, endStream: true).Add(Raw.WindowUpdate(3, 200_000), Raw.WindowUpdate(0, 200_000)),
        Begin("both stream")
            .Request(1, "Duplex").Message(1).Add(Raw.Ping(1)).Message(1, 500).Request(3, "Duplex").Message(3).Message(1).Message(3)
            .Add(Raw.Data(3, 0, endStream: true), Raw.Data(1, 0, endStream: true)),
        Begin("calls that are cancelled")
            .Request(1, "Duplex").Message(1).Add(Raw.Reset(1, Http2ErrorCode.Cancel))
            .Request(3, "Unary").Add(Raw.Reset(3, Http2ErrorCode.Cancel))
            .Request(5, "ServerStream").Message(5, 30_000, endStream: true).Add(Raw.Reset(5, Http2ErrorCode.Cancel))
            .Request(7, "ClientStream").Message(7).Add(Raw.Reset(7, Http2ErrorCode.NoError)),
        Begin("compressed messages")
            .Request(1, "Unary", more: ("grpc-encoding", "gzip")).Message(1, 3000, endStream: true, pack: true)
            .Request(3, "Duplex", endStream: false, ("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity,gzip")).Message(3, 500, pack: true).Message(3)
            .Add(Raw.Data(3, 0, endStream: true)),
        Begin("large messages")
            .Request(1, "Unary").Message(1, 60_000, endStream: true)
            .Request(3, "Duplex").Message(3, 20_000, frame: 700).Request(5, "Unary").Message(3, 3, frame: 1).Message(5, 30_000, endStream: true, frame: 4000)
            .Add(Raw.Data(3, 0, endStream: true)),
        Begin("header lists in parts")
            .SplitHeaders(1, endStream: false, Fields("Unary", ("data-bin", "AAEC"))).Message(1, endStream: true)
            .SplitHeaders(3, endStream: false, Fields("Duplex", ("large", new string('x', 12_000)))).Message(3).Add(Raw.Data(3, 0, endStream: true)),
        Begin("settings that change")
            .Add(Raw.Settings((Raw.InitialWindowSize, 10)), Raw.Settings((Raw.HeaderTableSize, 0)))
            .Request(1, "ServerStream").Message(1, 100, endStream: true).Add(Raw.Settings((Raw.InitialWindowSize, 0)), Raw.Settings((Raw.HeaderTableSize, 8192)))
            .Request(3, "Unary").Message(3, endStream: true)
            .Add(Raw.Settings((Raw.MaxFrameSize, 30_000), (Raw.InitialWindowSize, 100_000), (Raw.MaxHeaderListSize, 100)), Raw.WindowUpdate(0, 1 << 20))
            .Request(5, "Duplex").Message(5, 20_000).Add(Raw.Data(5, 0, endStream: true)),
        Begin("padding, priorities and unknown frames")
            .Request(1, "Duplex").Add(Raw.PaddedData(1, 0, 20), Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 0, 16), Raw.Frame(0xbe, 7, 1, 1, 2, 3)).Message(1)
            .Add(Raw.Ping(2), Raw.Frame(RawFrame.Data, RawFrame.Padded | RawFrame.EndStream, 1, 3, 0, 0, 0)),
        Begin("a client that leaves")
            .Request(1, "Duplex").Message(1).Request(3, "Unary").Message(3, endStream: true).Add(Raw.GoAway(0, Http2ErrorCode.NoError, "bye"))
            .Message(1).Add(Raw.Data(1, 0, endStream: true)),
        Begin("what is refused")
            .Request(1, "Nothing").Message(1, endStream: true)
            .Headers(3, false, (":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "x"))
            .Headers(5, false, (":method", "POST"), (":scheme", "http"), (":path", "/"), ("content-type", "text/html"))
            .Request(7, "Unary", more: ("grpc-encoding", "br")).Message(7, endStream: true)
            .Request(9, "Unary", more: ("grpc-timeout", "soon")).Message(9, endStream: true),
    ];

    private static Conversation Begin(string name) => new Conversation(name).Add(Raw.Settings((Raw.EnablePush, 0), (Raw.InitialWindowSize, 65_535)), Raw.SettingsAck);

    private static (string, string)[] Fields(string method, (string, string) more) =>
        [(":method", "POST"), (":scheme", "http"), (":path", $"/plugwire.wire.tests.Echo/{method}"), (":authority", "a"), ("content-type", "application/grpc"), ("te", "trailers"), more];
}
