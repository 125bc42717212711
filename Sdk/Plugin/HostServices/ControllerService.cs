using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Plugwire.Wire.Services.GoPlugin;

namespace Plugwire.HostServices;

/// <summary>go-plugin's controller. Unlike a Go plugin it answers before the connection ends.</summary>
internal sealed class ControllerService(IHostApplicationLifetime lifetime) : GRPCController.GRPCControllerBase
{
    public override Task<Empty> Shutdown(Empty request, ServerCallContext context)
    {
        // Only asks: the server waits for this call like for any other before it closes the connection.
        lifetime.StopApplication();
        return Task.FromResult(new Empty());
    }
}
