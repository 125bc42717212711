namespace Plugwire.Wire.Rpc.Fields;

/// <summary>The header fields that gRPC over HTTP/2 gives a meaning.</summary>
internal static class FieldNames
{
    public const string Method = ":method";
    public const string Scheme = ":scheme";
    public const string Path = ":path";
    public const string Authority = ":authority";
    public const string Status = ":status";
    public const string ContentType = "content-type";
    public const string Te = "te";
    public const string UserAgent = "user-agent";
    public const string GrpcStatus = "grpc-status";
    public const string GrpcMessage = "grpc-message";
    public const string GrpcTimeout = "grpc-timeout";
    public const string GrpcEncoding = "grpc-encoding";
    public const string GrpcAcceptEncoding = "grpc-accept-encoding";

    /// <summary>Not sent: by this name a call's metadata asks for a message encoding, as it does in Grpc.Net.Client.</summary>
    public const string EncodingRequest = "grpc-internal-encoding-request";

    public const string GrpcContentType = "application/grpc";

    /// <summary>Whether a field belongs to gRPC or to HTTP and is no metadata of the call's.</summary>
    public static bool IsReserved(string name) =>
        name.StartsWith(':')
        || name is ContentType or Te or GrpcStatus or GrpcMessage or GrpcTimeout or GrpcEncoding or GrpcAcceptEncoding or "grpc-message-type"
        || name is "connection" or "proxy-connection" or "keep-alive" or "transfer-encoding" or "upgrade" or "host" or "content-length";

    /// <summary>application/grpc, with or without a suffix such as +proto.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == GrpcContentType.Length || contentType[GrpcContentType.Length] is '+' or ';');
}
