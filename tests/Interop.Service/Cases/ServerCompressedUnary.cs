namespace Plugwire.Interop.Cases;

/// <summary>One response that is compressed, and one that is not.</summary>
internal sealed class ServerCompressedUnary : InteropCase
{
    public override string Name => "server_compressed_unary";

    protected override async Task RunAsync(InteropRun run)
    {
        foreach (var compressed in new[] { true, false })
        {
            var request = new SimpleRequest { ResponseCompressed = new BoolValue { Value = compressed }, ResponseSize = 314_159, Payload = Payloads.Create(271_828) };
            Expect.Size(314_159, (await run.Client.UnaryCallAsync(request, run.CallOptions())).Payload, "the response");
            Expect.ResponseFlag(run, compressed);
        }
    }
}
