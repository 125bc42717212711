using Grpc.Core;

namespace Plugwire.Interop.TypedCases;

/// <summary>Metadata that comes back, in the headers and in the trailers, of a unary call and of a stream.</summary>
internal sealed class TypedCustomMetadata : InteropCase
{
    public override string Name => "typed_custom_metadata";

    protected override async Task RunAsync(InteropRun run)
    {
        var headers = new Metadata { { EchoedMetadata.Initial, "test_initial_metadata_value" }, { EchoedMetadata.Trailing, [0xab, 0xab, 0xab] } };
        var unary = new CallResponse();
        await run.Contract.UnaryCallAsync(
            new SimpleRequest { ResponseSize = 314_159, Payload = Payloads.Create(271_828) }, new CallContext { Headers = headers, Response = unary }, run.Ended);
        Check(unary);

        var duplex = new CallResponse();
        var requests = Sizes.StreamAsync(Sizes.Request(314_159, 271_828));
        var responses = run.Contract.FullDuplexCallAsync(requests, new CallContext { Headers = headers, Response = duplex }, run.Ended);
        Expect.Equal("314159", await Sizes.ReadAsync(responses), "The sizes of the responses");
        Check(duplex);
    }

    private static void Check(CallResponse response)
    {
        Expect.Equal("test_initial_metadata_value", response.Headers.GetValue(EchoedMetadata.Initial), $"The header {EchoedMetadata.Initial}");
        Expect.Equal("ABABAB", Convert.ToHexString(response.Trailers.GetValueBytes(EchoedMetadata.Trailing) ?? []), $"The trailer {EchoedMetadata.Trailing}");
    }
}
