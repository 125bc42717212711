using Grpc.Core;

namespace Plugwire.Testing.Probes.Metering;

/// <summary>A call that goes to the other side and back, and does nothing there: of a method that nobody serves.</summary>
internal static class RoundTrip
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);
    private static readonly Method<byte[], byte[]> Method = new(MethodType.Unary, "plugwire.testing.Fence", "RoundTrip", Bytes, Bytes);

    public static async Task MakeAsync(CallInvoker connection, CancellationToken cancellationToken)
    {
        try
        {
            using var call = connection.AsyncUnaryCall(Method, host: null, new CallOptions(cancellationToken: cancellationToken), []);
            await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException answer) when (answer.StatusCode == StatusCode.Unimplemented)
        {
            // The answer that was to be expected.
        }
    }
}
