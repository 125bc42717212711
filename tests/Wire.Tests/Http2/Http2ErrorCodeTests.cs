using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Tests.Http2;

public sealed class Http2ErrorCodeTests
{
    // RFC 9113 section 7, in its order: the number on the wire is the place in the list.
    [Fact]
    public void Codes_InTheOrderOfTheRfc_CountFromZero() =>
        Assert.Equal(
            [
                "NoError", "ProtocolError", "InternalError", "FlowControlError", "SettingsTimeout", "StreamClosed",
                "FrameSizeError", "RefusedStream", "Cancel", "CompressionError", "ConnectError", "EnhanceYourCalm",
                "InadequateSecurity", "Http11Required",
            ],
            Enumerable.Range(0, Enum.GetValues<Http2ErrorCode>().Length).Select(number => ((Http2ErrorCode)number).ToString()));
}
