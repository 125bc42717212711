namespace Plugwire.Interop.Cases;

/// <summary>One large message each way.</summary>
internal sealed class LargeUnary : InteropCase
{
    public override string Name => "large_unary";

    protected override async Task RunAsync(InteropRun run)
    {
        var request = new SimpleRequest { ResponseSize = 314_159, Payload = Payloads.Create(271_828) };
        Expect.Size(314_159, (await run.Client.UnaryCallAsync(request, run.CallOptions())).Payload, "the response");
    }
}
