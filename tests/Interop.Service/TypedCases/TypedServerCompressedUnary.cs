namespace Plugwire.Interop.TypedCases;

/// <summary>One response that is compressed, and one that is not.</summary>
internal sealed class TypedServerCompressedUnary : InteropCase
{
    public override string Name => "typed_server_compressed_unary";

    protected override async Task RunAsync(InteropRun run)
    {
        foreach (var compressed in new[] { true, false })
        {
            var request = new SimpleRequest { ResponseCompressed = new BoolValue { Value = compressed }, ResponseSize = 314_159 };
            Expect.Size(314_159, (await run.Contract.UnaryCallAsync(request, cancellationToken: run.Ended)).Payload, "the response");
            Expect.ResponseFlag(run, compressed);
        }
    }
}
