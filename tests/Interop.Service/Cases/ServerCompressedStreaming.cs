namespace Plugwire.Interop.Cases;

/// <summary>A stream of a compressed response and one that is not.</summary>
internal sealed class ServerCompressedStreaming : InteropCase
{
    public override string Name => "server_compressed_streaming";

    protected override async Task RunAsync(InteropRun run)
    {
        var request = new StreamingOutputCallRequest
        {
            ResponseParameters =
            {
                new ResponseParameters { Size = 31_415, Compressed = new BoolValue { Value = true } },
                new ResponseParameters { Size = 92_653, Compressed = new BoolValue { Value = false } },
            },
        };
        using var call = run.Client.StreamingOutputCall(request, run.CallOptions());
        foreach (var response in request.ResponseParameters)
        {
            Expect.Size(response.Size, (await Expect.NextAsync(call.ResponseStream, "two responses", run.Ended)).Payload, "a response");
            Expect.ResponseFlag(run, response.Compressed.Value);
        }

        await Expect.EndAsync(call.ResponseStream, run.Ended);
    }
}
