using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>A status's text with white space and characters of all planes.</summary>
internal sealed class SpecialStatusMessage : InteropCase
{
    public override string Name => "special_status_message";

    protected override async Task RunAsync(InteropRun run)
    {
        const string Message = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n";
        var request = new SimpleRequest { ResponseStatus = new EchoStatus { Code = (int)StatusCode.Unknown, Message = Message } };
        await Expect.FailureAsync(run.Client.UnaryCallAsync(request, run.CallOptions()).ResponseAsync, StatusCode.Unknown, Message);
    }
}
