using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>A status that the server is asked for, of a unary call and of a stream.</summary>
internal sealed class StatusCodeAndMessage : InteropCase
{
    public override string Name => "status_code_and_message";

    protected override async Task RunAsync(InteropRun run)
    {
        const string Message = "test status message";
        var status = new EchoStatus { Code = (int)StatusCode.Unknown, Message = Message };
        var unary = run.Client.UnaryCallAsync(new SimpleRequest { ResponseStatus = status }, run.CallOptions());
        await Expect.FailureAsync(unary.ResponseAsync, StatusCode.Unknown, Message);

        using var duplex = run.Client.FullDuplexCall(run.CallOptions());
        await duplex.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status }, run.Ended);
        await duplex.RequestStream.CompleteAsync();
        await Expect.FailureAsync(duplex.ResponseStream.MoveNext(run.Ended), StatusCode.Unknown, Message);
    }
}
