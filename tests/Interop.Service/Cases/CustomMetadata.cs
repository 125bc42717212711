using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>Metadata that comes back, in the headers and in the trailers, of a unary call and of a stream.</summary>
internal sealed class CustomMetadata : InteropCase
{
    private const string Initial = "test_initial_metadata_value";

    private static readonly byte[] Trailing = [0xab, 0xab, 0xab];

    public override string Name => "custom_metadata";

    protected override async Task RunAsync(InteropRun run)
    {
        using var unary = run.Client.UnaryCallAsync(new SimpleRequest { ResponseSize = 314_159, Payload = Payloads.Create(271_828) }, Options(run));
        Expect.Size(314_159, (await unary).Payload, "the response");
        Check(await unary.ResponseHeadersAsync, unary.GetTrailers());

        using var duplex = run.Client.FullDuplexCall(Options(run));
        var request = new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 314_159 } }, Payload = Payloads.Create(271_828) };
        await duplex.RequestStream.WriteAsync(request, run.Ended);
        await duplex.RequestStream.CompleteAsync();
        Expect.Size(314_159, (await Expect.NextAsync(duplex.ResponseStream, "one response", run.Ended)).Payload, "the response");
        await Expect.EndAsync(duplex.ResponseStream, run.Ended);
        Check(await duplex.ResponseHeadersAsync, duplex.GetTrailers());
    }

    private static CallOptions Options(InteropRun run) => run.CallOptions(new Metadata { { EchoedMetadata.Initial, Initial }, { EchoedMetadata.Trailing, Trailing } });

    private static void Check(Metadata headers, Metadata trailers)
    {
        Expect.Equal(Initial, headers.GetValue(EchoedMetadata.Initial), $"The header {EchoedMetadata.Initial}");
        Expect.Equal(Convert.ToHexString(Trailing), Convert.ToHexString(trailers.GetValueBytes(EchoedMetadata.Trailing) ?? []), $"The trailer {EchoedMetadata.Trailing}");
    }
}
