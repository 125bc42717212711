namespace Plugwire.Interop.Cases;

/// <summary>One request that is compressed, and one that is not.</summary>
internal sealed class ClientCompressedUnary : InteropCase
{
    public override string Name => "client_compressed_unary";

    protected override async Task RunAsync(InteropRun run)
    {
        foreach (var compressed in new[] { true, false })
        {
            var response = await run.Client.UnaryCallAsync(CompressedRequests.Simple(compressed), CompressedRequests.Options(run, compressed));
            Expect.Size(314_159, response.Payload, "the response");
        }
    }
}
