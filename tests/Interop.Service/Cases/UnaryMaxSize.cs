using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>Messages exactly as long as the receiver takes, and one byte longer, each way; the connection goes on.</summary>
internal sealed class UnaryMaxSize : InteropCase
{
    public override string Name => "unary_max_size";

    protected override async Task RunAsync(InteropRun run)
    {
        var request = Payloads.BodySizeFor(run.Options.MaxRequestSize, size => Request(size));
        Expect.Size(1, (await run.Client.UnaryCallAsync(Request(request), run.CallOptions())).Payload, "the response to the longest request");
        await Expect.FailureAsync(run.Client.UnaryCallAsync(Request(request + 1), run.CallOptions()).ResponseAsync, StatusCode.ResourceExhausted);

        var response = Payloads.BodySizeFor(run.Options.MaxResponseSize, static size => new SimpleResponse { Payload = Payloads.Create(size) });
        Expect.Size(response, (await run.Client.UnaryCallAsync(Request(0, response), run.CallOptions())).Payload, "the longest response");
        await Expect.FailureAsync(run.Client.UnaryCallAsync(Request(0, response + 1), run.CallOptions()).ResponseAsync, StatusCode.ResourceExhausted);

        Expect.Size(1, (await run.Client.UnaryCallAsync(Request(1), run.CallOptions())).Payload, "the response to a call after those");
    }

    private static SimpleRequest Request(int size, int responseSize = 1) => new() { ResponseSize = responseSize, Payload = Payloads.Create(size) };
}
