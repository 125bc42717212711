using Grpc.Core;

namespace Plugwire.Contracts.Tests;

/// <summary>A call of any kind by the contract, to its end.</summary>
internal static class Kinds
{
    public static async Task RunAsync(this IEcho client, MethodType kind, CallContext call = default, CancellationToken cancellationToken = default)
    {
        switch (kind)
        {
            case MethodType.Unary:
                await client.UnaryAsync(new EchoRequest(), call, cancellationToken);
                break;
            case MethodType.ClientStreaming:
                await client.UploadAsync(TrackedRequests.ThenIdle(1), call, cancellationToken);
                break;
            case MethodType.ServerStreaming:
                await foreach (var _ in client.DownloadAsync(new EchoRequest(), call, cancellationToken))
                {
                }

                break;
            default:
                await foreach (var _ in client.DuplexAsync(TrackedRequests.ThenIdle(1), call, cancellationToken))
                {
                }

                break;
        }
    }
}
