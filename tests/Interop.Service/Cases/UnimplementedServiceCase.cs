using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>A service that nobody serves.</summary>
internal sealed class UnimplementedServiceCase : InteropCase
{
    public override string Name => "unimplemented_service";

    protected override async Task RunAsync(InteropRun run)
    {
        var client = new UnimplementedService.UnimplementedServiceClient(run.Invoker);
        await Expect.FailureAsync(client.UnimplementedCallAsync(new Empty(), run.CallOptions()).ResponseAsync, StatusCode.Unimplemented);
    }
}
