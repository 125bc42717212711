using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>What servers say to a client that has the calls of <see cref="OpenCalls"/> open: unary on 1 and 9, its stream on 3, the server's on 5, both on 7.</summary>
internal static class ServerConversations
{
    public static IReadOnlyList<Conversation> All { get; } =
    [
        Begin("answers to all")
            .Response(1).Message(1).Trailers(1)
            .Response(3).Response(5).Message(5).Message(3).Message(5, 1000).Trailers(3).Trailers(5, ("count", "2"))
            .Response(7, ("note", "kept")).Message(7).Message(7).Trailers(7).Response(9, ("note", "kept")).Message(9, 0).Trailers(9, ("grpc-message", "fine")),
        Begin("trailers alone")
            .Headers(1, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "5"), ("grpc-message", "not%20found"))
            .Headers(3, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "0"))
            .Headers(7, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "12"), ("grpc-status-details-bin", "AAEC")),
        Begin("answers of other servers")
            .Headers(1, true, (":status", "503")).Headers(3, false, (":status", "404"), ("content-type", "text/html")).Add(Raw.Data(3, 100, endStream: true))
            .Headers(5, false, (":status", "103"), ("link", "x")).Response(5).Message(5).Trailers(5)
            .Headers(9, false, (":status", "200")).Add(Raw.Data(9, 10, endStream: true)),
        Begin("resets")
            .Response(5).Message(5).Add(Raw.Reset(5, Http2ErrorCode.Cancel), Raw.Reset(1, Http2ErrorCode.RefusedStream), Raw.Reset(3, Http2ErrorCode.NoError))
            .Response(7).Add(Raw.Reset(7, Http2ErrorCode.EnhanceYourCalm)),
        Begin("compressed messages")
            .Response(1, ("grpc-encoding", "gzip")).Message(1, 5000, pack: true).Trailers(1)
            .Response(7, ("grpc-encoding", "gzip")).Message(7, 10, pack: true).Message(7).Message(7, 60_000, pack: true).Trailers(7)
            .Response(5, ("grpc-encoding", "identity")).Message(5).Trailers(5),
        Begin("large messages")
            .Response(5).Message(5, 60_000).Response(1).Message(1, 20_000, frame: 900).Trailers(1).Message(5, 20, frame: 1).Trailers(5).Response(9).Message(9, 200_000).Trailers(9),
        Begin("header lists in parts")
            .SplitHeaders(1, false, (":status", "200"), ("content-type", "application/grpc"), ("data-bin", "AAEC")).Message(1)
            .SplitHeaders(1, true, ("grpc-status", "0"), ("large", new string('x', 12_000))).Response(5).SplitHeaders(5, true, ("grpc-status", "0"), ("count", "0")),
        Begin("settings that change")
            .Add(Raw.Settings((Raw.MaxConcurrentStreams, 0), (Raw.InitialWindowSize, 0)), Raw.Settings((Raw.HeaderTableSize, 0))).Response(1).Message(1).Trailers(1)
            .Add(Raw.Settings((Raw.InitialWindowSize, 200_000), (Raw.MaxFrameSize, 20_000), (Raw.MaxConcurrentStreams, 100)), Raw.WindowUpdate(0, 100_000), Raw.WindowUpdate(3, 10))
            .Response(3).Message(3).Trailers(3),
        Begin("a server that leaves")
            .Response(5).Add(Raw.GoAway(int.MaxValue, Http2ErrorCode.NoError, "soon"), Raw.Ping(3)).Response(1).Message(1).Trailers(1)
            .Add(Raw.GoAway(5, Http2ErrorCode.NoError, "now")).Message(5).Trailers(5).Response(3).Message(3).Trailers(3),
        Begin("padding and unknown frames")
            .Response(5).Add(Raw.PaddedData(5, 0, 255), Raw.Frame(0xaa, 1, 5, 1), Raw.Ping(4), Raw.Ping(5, ack: true)).Message(5)
            .Add(Raw.Frame(RawFrame.Priority, 0, 5, 0, 0, 0, 0, 1)).Trailers(5),
        Begin("answers before the requests have ended")
            .Response(3).Message(3).Trailers(3).Add(Raw.Reset(3, Http2ErrorCode.NoError)).Response(7).Trailers(7).Add(Raw.Reset(7, Http2ErrorCode.NoError)),
    ];

    private static Conversation Begin(string name) => new Conversation(name).Add(Raw.Settings((Raw.MaxConcurrentStreams, 100)), Raw.SettingsAck);
}
