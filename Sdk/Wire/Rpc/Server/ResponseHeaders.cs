using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Rpc.Fields;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>The header lists of responses. Most are alike, and made once.</summary>
internal static class ResponseHeaders
{
    private static readonly OutgoingHeaders SuccessTrailers = new OutgoingHeaders().Add(FieldNames.GrpcStatus, "0", HeaderIndexing.Index);

    /// <summary>Of a response without metadata of its own.</summary>
    public static OutgoingHeaders Plain { get; } = Begin("200");

    public static OutgoingHeaders Create(string? encoding, Metadata metadata, out string? violation)
    {
        var headers = Begin("200");
        if (encoding is not null)
            headers.Add(FieldNames.GrpcEncoding, encoding, HeaderIndexing.Index);
        violation = MetadataCodec.Write(metadata, headers);
        return headers;
    }

    /// <param name="status">The call's; changed when its trailers cannot be sent.</param>
    /// <param name="metadata">The handler's trailers.</param>
    /// <param name="alone">Whether no headers went before, so that this is the whole response.</param>
    /// <param name="limit">The largest header list, in bytes.</param>
    public static OutgoingHeaders CreateTrailers(ref Status status, Metadata? metadata, bool alone, int limit)
    {
        if (!alone && status.StatusCode == StatusCode.OK && string.IsNullOrEmpty(status.Detail) && metadata is null or { Count: 0 })
            return SuccessTrailers;

        var trailers = alone ? Begin("200") : new OutgoingHeaders();
        StatusFields.Write(status, trailers);
        var violation = MetadataCodec.Write(metadata, trailers);
        if (violation is null && trailers.ListSize > limit)
            violation = $"The call's trailers take {trailers.ListSize} bytes, the limit is {limit} bytes.";
        if (violation is null)
            return trailers;

        // The status gets through whatever the handler has put beside it.
        status = new Status(
            status.StatusCode == StatusCode.OK ? StatusCode.ResourceExhausted : status.StatusCode, $"{violation} They were left out. {status.Detail}".TrimEnd());
        trailers = alone ? Begin("200") : new OutgoingHeaders();
        StatusFields.Write(status, trailers);
        return trailers;
    }

    /// <summary>Of a request that is no gRPC call, or none that is served here.</summary>
    public static OutgoingHeaders CreateRefusal(string httpStatus, Status status)
    {
        var headers = Begin(httpStatus);
        StatusFields.Write(status, headers);
        return headers;
    }

    private static OutgoingHeaders Begin(string httpStatus) => new OutgoingHeaders()
        .Add(FieldNames.Status, httpStatus, HeaderIndexing.Index)
        .Add(FieldNames.ContentType, FieldNames.GrpcContentType, HeaderIndexing.Index)
        .Add(FieldNames.GrpcAcceptEncoding, Gzip.AcceptEncoding, HeaderIndexing.Index);
}
