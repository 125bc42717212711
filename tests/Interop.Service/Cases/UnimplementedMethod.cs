using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>A method that the service has and nobody implements.</summary>
internal sealed class UnimplementedMethod : InteropCase
{
    public override string Name => "unimplemented_method";

    protected override async Task RunAsync(InteropRun run)
    {
        await Expect.FailureAsync(run.Client.UnimplementedCallAsync(new Empty(), run.CallOptions()).ResponseAsync, StatusCode.Unimplemented);
    }
}
