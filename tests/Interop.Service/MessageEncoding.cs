using Grpc.Core;

namespace Plugwire.Interop;

/// <summary>How a call's messages are asked to be compressed, in the way that Grpc.Net.Client, Grpc.AspNetCore.Server and our own wire share.</summary>
internal static class MessageEncoding
{
    /// <summary>Read by the sender's own side, and not sent.</summary>
    public const string RequestKey = "grpc-internal-encoding-request";

    public const string Gzip = "gzip";

    public static WriteOptions Options(bool compressed) => new(compressed ? 0 : WriteFlags.NoCompress);
}
