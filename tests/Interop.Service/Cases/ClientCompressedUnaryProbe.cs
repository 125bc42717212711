using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>A request that says it is compressed, and is not, is refused: so the server does look.</summary>
internal sealed class ClientCompressedUnaryProbe : InteropCase
{
    public override string Name => "client_compressed_unary_probe";

    protected override async Task RunAsync(InteropRun run)
    {
        var call = run.Client.UnaryCallAsync(CompressedRequests.Simple(says: true), CompressedRequests.Options(run, compressed: false));
        await Expect.FailureAsync(call.ResponseAsync, StatusCode.InvalidArgument);
    }
}
