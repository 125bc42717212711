using System.Globalization;
using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Rpc.Fields;

/// <summary>A call's status in its trailers, and what stands for it where trailers are missing: the tables of the gRPC specification.</summary>
internal static class StatusFields
{
    public static void Write(in Status status, OutgoingHeaders headers)
    {
        headers.Add(FieldNames.GrpcStatus, ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture), HeaderIndexing.Index);
        if (!string.IsNullOrEmpty(status.Detail))
            headers.Add(FieldNames.GrpcMessage, StatusText.Encode(status.Detail));
    }

    /// <summary>The status of a call whose response ended with this header list.</summary>
    /// <param name="trailers">The last header list; null when the stream ended with data.</param>
    /// <param name="httpStatus">The response's :status, null when it is in <paramref name="trailers"/> or unknown.</param>
    public static Status Read(HeaderList? trailers, string? httpStatus)
    {
        if (trailers is not null && trailers.TryGet(FieldNames.GrpcStatus, out var text))
        {
            // Which of two is the call's, nobody can tell: neither is believed, for one of them may be OK.
            if (Other(trailers, text) is { } other)
                return new Status(StatusCode.Unknown, $"The peer answered two gRPC statuses, '{text}' and '{other}'.");

            var detail = trailers.TryGet(FieldNames.GrpcMessage, out var message) ? StatusText.Decode(message) : "";
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                ? new Status(code <= (int)StatusCode.Unauthenticated ? (StatusCode)code : StatusCode.Unknown, detail)
                : new Status(StatusCode.Unknown, $"The peer answered the gRPC status '{text}', which is no number. {detail}".TrimEnd());
        }

        if (httpStatus is null && trailers is not null && trailers.TryGet(FieldNames.Status, out var status))
            httpStatus = status;
        return httpStatus is null or "200"
            ? new Status(StatusCode.Unknown, "The response ended without a gRPC status.")
            : FromHttp(httpStatus);
    }

    /// <summary>What an HTTP status other than 200 stands for.</summary>
    public static Status FromHttp(string httpStatus) => new(
        httpStatus switch
        {
            "400" => StatusCode.Internal,
            "401" => StatusCode.Unauthenticated,
            "403" => StatusCode.PermissionDenied,
            "404" => StatusCode.Unimplemented,
            "429" or "502" or "503" or "504" => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        $"The peer answered the HTTP status {httpStatus} instead of a gRPC response.");

    /// <summary>What a reset stream stands for.</summary>
    public static Status FromReset(Http2ErrorCode errorCode, string reason) => new(
        errorCode switch
        {
            Http2ErrorCode.RefusedStream => StatusCode.Unavailable,
            Http2ErrorCode.Cancel => StatusCode.Cancelled,
            Http2ErrorCode.EnhanceYourCalm => StatusCode.ResourceExhausted,
            Http2ErrorCode.InadequateSecurity => StatusCode.PermissionDenied,
            _ => StatusCode.Internal,
        },
        reason);

    private static string? Other(HeaderList trailers, string first)
    {
        foreach (var field in trailers.Fields)
        {
            if (field.Name == FieldNames.GrpcStatus && field.Value != first)
                return field.Value;
        }

        return null;
    }
}
