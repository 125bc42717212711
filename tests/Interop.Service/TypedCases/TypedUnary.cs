namespace Plugwire.Interop.TypedCases;

/// <summary>Nothing for nothing, and one large message each way.</summary>
internal sealed class TypedUnary : InteropCase
{
    public override string Name => "typed_unary";

    protected override async Task RunAsync(InteropRun run)
    {
        Expect.Equal(new Empty(), await run.Contract.EmptyCallAsync(new Empty(), cancellationToken: run.Ended), "The response");
        var request = new SimpleRequest { ResponseSize = 314_159, Payload = Payloads.Create(271_828) };
        Expect.Size(314_159, (await run.Contract.UnaryCallAsync(request, cancellationToken: run.Ended)).Payload, "the response");
    }
}
