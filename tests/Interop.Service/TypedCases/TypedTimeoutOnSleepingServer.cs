using System.Threading.Channels;
using Grpc.Core;

namespace Plugwire.Interop.TypedCases;

/// <summary>A server that does not answer within the call's time of one millisecond.</summary>
internal sealed class TypedTimeoutOnSleepingServer : InteropCase
{
    public override string Name => "typed_timeout_on_sleeping_server";

    protected override async Task RunAsync(InteropRun run)
    {
        var requests = Channel.CreateBounded<StreamingOutputCallRequest>(1);
        await requests.Writer.WriteAsync(new StreamingOutputCallRequest { Payload = Payloads.Create(27_182) }, run.Ended);
        var call = new CallContext { Timeout = TimeSpan.FromMilliseconds(1) };
        await Expect.FailureAsync(Sizes.ReadAsync(run.Contract.FullDuplexCallAsync(requests.Reader.ReadAllAsync(CancellationToken.None), call, run.Ended)), StatusCode.DeadlineExceeded);
    }
}
