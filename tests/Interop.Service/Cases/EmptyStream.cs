using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>A stream without a message either way.</summary>
internal sealed class EmptyStream : InteropCase
{
    public override string Name => "empty_stream";

    protected override async Task RunAsync(InteropRun run)
    {
        using var call = run.Client.FullDuplexCall(run.CallOptions());
        await call.RequestStream.CompleteAsync();
        await Expect.EndAsync(call.ResponseStream, run.Ended);
        Expect.Equal(StatusCode.OK, call.GetStatus().StatusCode, "The status");
    }
}
