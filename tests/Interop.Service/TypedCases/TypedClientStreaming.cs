namespace Plugwire.Interop.TypedCases;

/// <summary>Four requests, one response.</summary>
internal sealed class TypedClientStreaming : InteropCase
{
    public override string Name => "typed_client_streaming";

    protected override async Task RunAsync(InteropRun run)
    {
        StreamingInputCallRequest[] requests = [.. new[] { 27_182, 8, 1_828, 45_904 }.Select(size => new StreamingInputCallRequest { Payload = Payloads.Create(size) })];
        var response = await run.Contract.StreamingInputCallAsync(Sizes.StreamAsync(requests), cancellationToken: run.Ended);
        Expect.Equal(74_922, response.AggregatedPayloadSize, "The size of all requests in bytes");
    }
}
