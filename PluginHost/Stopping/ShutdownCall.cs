using Grpc.Core;
using Plugwire.Wire.Services.GoPlugin;

namespace Plugwire.Hosting.Stopping;

/// <summary>Asks a plugin to end, on its control connection.</summary>
internal static class ShutdownCall
{
    /// <exception cref="NotSupportedException">The plugin has no controller.</exception>
    public static async Task AskAsync(CallInvoker control, CancellationToken cancellationToken)
    {
        try
        {
            using var call = new GRPCController.GRPCControllerClient(control).ShutdownAsync(new Empty(), cancellationToken: cancellationToken);
            await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.Unimplemented)
        {
            throw new NotSupportedException("The plugin has no controller service.", refusal);
        }
        catch (RpcException)
        {
            // A go-plugin server stops inside the handler, so that the answer is a broken connection. Whether the plugin ends is seen from its process.
        }
    }
}
