using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.5.2 Defined Settings")]
public sealed class SettingValueCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["SETTINGS_ENABLE_PUSH of 2"] = EndsConnection(ProtocolError, Raw.Settings((Raw.EnablePush, 2))),
        ["SETTINGS_ENABLE_PUSH of 1 from a server"] = EndsConnection(ProtocolError, Raw.Settings((Raw.EnablePush, 1))) with { Role = Http2Role.Client },
        ["SETTINGS_ENABLE_PUSH of 1 from a client"] = IsTaken(Raw.Settings((Raw.EnablePush, 1))) with { Role = Http2Role.Server, Answer = "SETTINGS ACK" },
        ["SETTINGS_ENABLE_PUSH of 0"] = IsTaken(Raw.Settings((Raw.EnablePush, 0))) with { Answer = "SETTINGS ACK" },
        ["SETTINGS_INITIAL_WINDOW_SIZE of 2^31"] = EndsConnection(FlowControlError, Raw.Settings((Raw.InitialWindowSize, 0x80000000L))),
        ["SETTINGS_INITIAL_WINDOW_SIZE of 2^32-1"] = EndsConnection(FlowControlError, Raw.Settings((Raw.InitialWindowSize, uint.MaxValue))),
        ["SETTINGS_INITIAL_WINDOW_SIZE of 2^31-1"] = IsTaken(Raw.Settings((Raw.InitialWindowSize, int.MaxValue))) with { Answer = "SETTINGS ACK" },
        ["SETTINGS_INITIAL_WINDOW_SIZE of 0"] = IsTaken(Raw.Settings((Raw.InitialWindowSize, 0))) with { Answer = "SETTINGS ACK" },
        ["SETTINGS_MAX_FRAME_SIZE of 16,383"] = EndsConnection(ProtocolError, Raw.Settings((Raw.MaxFrameSize, 16_383))),
        ["SETTINGS_MAX_FRAME_SIZE of 2^24"] = EndsConnection(ProtocolError, Raw.Settings((Raw.MaxFrameSize, 16_777_216))),
        ["SETTINGS_MAX_FRAME_SIZE of 16,384"] = IsTaken(Raw.Settings((Raw.MaxFrameSize, 16_384))) with { Answer = "SETTINGS ACK" },
        ["SETTINGS_MAX_FRAME_SIZE of 2^24-1"] = IsTaken(Raw.Settings((Raw.MaxFrameSize, 16_777_215))) with { Answer = "SETTINGS ACK" },
        ["SETTINGS_HEADER_TABLE_SIZE of 0"] = IsTaken(Raw.Settings((Raw.HeaderTableSize, 0))) with { Answer = "SETTINGS ACK" },
        ["SETTINGS_HEADER_TABLE_SIZE of 2^32-1"] = IsTaken(Raw.Settings((Raw.HeaderTableSize, uint.MaxValue))) with { Answer = "SETTINGS ACK" },
        ["SETTINGS_MAX_CONCURRENT_STREAMS of 2^32-1"] = IsTaken(Raw.Settings((Raw.MaxConcurrentStreams, uint.MaxValue))) with { Answer = "SETTINGS ACK" },
        ["SETTINGS_MAX_HEADER_LIST_SIZE of 0"] = IsTaken(Raw.Settings((Raw.MaxHeaderListSize, 0))) with { Answer = "SETTINGS ACK" },
        ["a bad value behind a good one"] = EndsConnection(ProtocolError, Raw.Settings((Raw.InitialWindowSize, 1), (Raw.MaxFrameSize, 1))),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
