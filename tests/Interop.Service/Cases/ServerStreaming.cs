using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>One request, four responses.</summary>
internal sealed class ServerStreaming : InteropCase
{
    public override string Name => "server_streaming";

    protected override async Task RunAsync(InteropRun run)
    {
        var sizes = new[] { 31_415, 9, 2_653, 58_979 };
        var request = new StreamingOutputCallRequest { ResponseParameters = { sizes.Select(size => new ResponseParameters { Size = size }) } };
        using var call = run.Client.StreamingOutputCall(request, run.CallOptions());
        foreach (var size in sizes)
            Expect.Size(size, (await Expect.NextAsync(call.ResponseStream, "four responses", run.Ended)).Payload, "a response");
        await Expect.EndAsync(call.ResponseStream, run.Ended);
        Expect.Equal(StatusCode.OK, call.GetStatus().StatusCode, "The status");
    }
}
