using Grpc.Core;

namespace Plugwire.Interop.TypedCases;

/// <summary>One request that is compressed, and one that is not.</summary>
internal sealed class TypedClientCompressedUnary : InteropCase
{
    public override string Name => "typed_client_compressed_unary";

    protected override async Task RunAsync(InteropRun run)
    {
        foreach (var compressed in new[] { true, false })
        {
            var request = new SimpleRequest { ExpectCompressed = new BoolValue { Value = compressed }, ResponseSize = 314_159, Payload = Payloads.Create(271_828) };
            var call = new CallContext { Headers = compressed ? new Metadata { { MessageEncoding.RequestKey, MessageEncoding.Gzip } } : null };
            Expect.Size(314_159, (await run.Contract.UnaryCallAsync(request, call, run.Ended)).Payload, "the response");
        }
    }
}
