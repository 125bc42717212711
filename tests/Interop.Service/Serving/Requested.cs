using Grpc.Core;

namespace Plugwire.Interop.Serving;

/// <summary>What requests ask for.</summary>
internal static class Requested
{
    public static bool Compression(StreamingOutputCallRequest request) => request.ResponseParameters.Any(response => response.Compressed?.Value == true);

    public static Payload Body(int size) => size >= 0
        ? Payloads.Create(size)
        : throw new RpcException(new Status(StatusCode.InvalidArgument, $"A response of {size} bytes is asked for: a size is zero or more."));

    public static void ThrowStatus(EchoStatus? status)
    {
        if (status is { Code: not 0 })
            throw new RpcException(new Status((StatusCode)status.Code, status.Message));
    }
}
