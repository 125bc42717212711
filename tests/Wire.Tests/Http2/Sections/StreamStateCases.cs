using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "5.1 Stream States")]
public sealed class StreamStateCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["idle: DATA"] = EndsConnection(ProtocolError, Raw.Data(1, 1)) with { Stage = Stage.Idle },
        ["idle: RST_STREAM"] = EndsConnection(ProtocolError, Raw.Reset(1, Cancel)) with { Stage = Stage.Idle },
        ["idle: WINDOW_UPDATE"] = EndsConnection(ProtocolError, Raw.WindowUpdate(1, 5)) with { Stage = Stage.Idle },
        ["idle: CONTINUATION"] = EndsConnection(ProtocolError, Raw.Continuation(1, [0x82], endHeaders: true)) with { Stage = Stage.Idle },
        ["idle: PRIORITY"] = IsTaken(Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 5, 1)) with { Stage = Stage.Idle },
        ["idle: a response"] = EndsConnection(ProtocolError, Raw.Response(1)) with { Stage = Stage.Idle, Role = Http2Role.Client },
        ["idle, of the other side's numbers: DATA"] = EndsConnection(ProtocolError, Raw.Data(2, 1)),
        ["idle, of the other side's numbers: RST_STREAM"] = EndsConnection(ProtocolError, Raw.Reset(2, Cancel)),
        ["idle, of the other side's numbers: WINDOW_UPDATE"] = EndsConnection(ProtocolError, Raw.WindowUpdate(2, 1)),
        ["open: DATA, PRIORITY and WINDOW_UPDATE"] = IsTaken(Raw.Data(1, 1), Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 5, 1), Raw.WindowUpdate(1, 5)) with { Told = "data 1" },
        ["open: RST_STREAM"] = IsTaken(Raw.Reset(1, Cancel)) with { Told = "reset Cancel" },
        ["half-closed (local): DATA and trailers"] =
            IsTaken(Raw.Data(1, 1), Raw.Trailers(1)) with { Stage = Stage.HalfClosedLocal, Role = Http2Role.Client, Told = "data 1, end grpc-status=0" },
        ["half-closed (local): WINDOW_UPDATE"] = IsTaken(Raw.WindowUpdate(1, 5)) with { Stage = Stage.HalfClosedLocal, Role = Http2Role.Client },
        ["half-closed (local): RST_STREAM"] = IsTaken(Raw.Reset(1, Cancel)) with { Stage = Stage.HalfClosedLocal, Role = Http2Role.Client, Told = "reset Cancel" },
        ["half-closed (remote): DATA"] = EndsStream(StreamClosed, Raw.Data(1, 1)) with { Stage = Stage.HalfClosedRemote },
        ["half-closed (remote): DATA, twice"] = EndsStream(StreamClosed, Raw.Data(1, 1), Raw.Data(1, 1)) with { Stage = Stage.HalfClosedRemote },
        ["half-closed (remote): HEADERS"] = EndsStream(StreamClosed, Raw.Headers(1, Raw.Block(("a", "b")), endStream: true)) with { Stage = Stage.HalfClosedRemote },
        ["half-closed (remote): HEADERS without END_STREAM"] = EndsStream(StreamClosed, Raw.Headers(1, Raw.Block(("a", "b")))) with { Stage = Stage.HalfClosedRemote },
        ["half-closed (remote): CONTINUATION"] = EndsConnection(ProtocolError, Raw.Continuation(1, [0x82], endHeaders: true)) with { Stage = Stage.HalfClosedRemote },
        ["half-closed (remote): WINDOW_UPDATE"] = IsTaken(Raw.WindowUpdate(1, 5)) with { Stage = Stage.HalfClosedRemote, Told = "" },
        ["half-closed (remote): PRIORITY"] = IsTaken(Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 5, 1)) with { Stage = Stage.HalfClosedRemote, Told = "" },
        ["half-closed (remote): RST_STREAM"] = IsTaken(Raw.Reset(1, Cancel)) with { Stage = Stage.HalfClosedRemote, Told = "reset Cancel" },
        ["closed by the peer's RST_STREAM: DATA"] = EndsStream(StreamClosed, Raw.Data(1, 1)) with { Stage = Stage.ResetByPeer },
        ["closed by the peer's RST_STREAM: HEADERS"] = EndsStream(StreamClosed, Raw.Headers(1, Raw.Block(("a", "b")), endStream: true)) with { Stage = Stage.ResetByPeer },
        ["closed by the peer's RST_STREAM: CONTINUATION"] = EndsConnection(ProtocolError, Raw.Continuation(1, [0x82], endHeaders: true)) with { Stage = Stage.ResetByPeer },
        ["closed by the peer's RST_STREAM: PRIORITY, WINDOW_UPDATE and RST_STREAM"] =
            IsTaken(Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 5, 1), Raw.WindowUpdate(1, 5), Raw.Reset(1, Cancel)) with { Stage = Stage.ResetByPeer, Told = "" },
        ["closed by our RST_STREAM: what was under way"] =
            IsTaken(Raw.Data(1, 1), Raw.Headers(1, Raw.Block(("a", "b")), endStream: true), Raw.WindowUpdate(1, 5), Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 5, 1), Raw.Reset(1, Cancel)) with { Stage = Stage.ResetByUs, Told = "" },
        ["closed by END_STREAM of both: DATA"] = EndsConnection(StreamClosed, Raw.Data(1, 1)) with { Stage = Stage.Ended },
        ["closed by END_STREAM of both: HEADERS"] = EndsConnection(StreamClosed, Raw.Headers(1, Raw.Block(("a", "b")), endStream: true)) with { Stage = Stage.Ended },
        ["closed by END_STREAM of both: CONTINUATION"] = EndsConnection(ProtocolError, Raw.Continuation(1, [0x82], endHeaders: true)) with { Stage = Stage.Ended },
        ["closed by END_STREAM of both: PRIORITY"] = IsTaken(Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 5, 1)) with { Stage = Stage.Ended, Told = "" },
        ["closed by END_STREAM of both: WINDOW_UPDATE and RST_STREAM"] =
            IsTaken(Raw.WindowUpdate(1, 5), Raw.WindowUpdate(1, 0), Raw.Reset(1, Cancel)) with { Stage = Stage.Ended, Told = "" },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
