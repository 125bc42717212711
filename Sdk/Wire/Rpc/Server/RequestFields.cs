using Grpc.Core;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Rpc.Fields;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>What a request's header list says about the call.</summary>
internal readonly record struct RequestFields(Metadata Metadata, string Authority, TimeSpan? Timeout, string? Encoding, bool AcceptsGzip)
{
    // The longest time that TimeProvider's timers take; a call with more time than that has no limit that anyone lives to see.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public static TimeSpan TimerTime(TimeSpan timeout) => timeout < LongestTimer ? timeout : System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>Reads a request whose path and content type have been seen to be ours.</summary>
    public static bool TryRead(HeaderList headers, out RequestFields fields, out Status refusal)
    {
        fields = default;
        TimeSpan? timeout = null;
        if (headers.TryGet(FieldNames.GrpcTimeout, out var text))
        {
            if (!GrpcTimeout.TryParse(text, out var time))
                return Refuse(StatusCode.Internal, $"The field grpc-timeout has up to eight digits and a unit, such as 500m: '{text}' is none.", out refusal);
            timeout = time;
        }

        if (headers.TryGet(FieldNames.GrpcEncoding, out var encoding) && encoding is not Gzip.Name and not Gzip.Identity)
            return Refuse(StatusCode.Unimplemented, $"The request's messages are compressed as '{encoding}'; known are {Gzip.AcceptEncoding}.", out refusal);
        if (!MetadataCodec.TryRead(headers, out var metadata, out var violation))
            return Refuse(StatusCode.Internal, violation, out refusal);

        var acceptsGzip = headers.TryGet(FieldNames.GrpcAcceptEncoding, out var accepted)
            && accepted.Split(',', StringSplitOptions.TrimEntries).Contains(Gzip.Name, StringComparer.Ordinal);
        headers.TryGet(FieldNames.Authority, out var authority);
        fields = new RequestFields(metadata, authority ?? "", timeout, encoding, acceptsGzip);
        refusal = default;
        return true;
    }

    private static bool Refuse(StatusCode code, string detail, out Status refusal)
    {
        refusal = new Status(code, detail);
        return false;
    }
}
