using Grpc.Core;
using Plugwire.Wire.Services.Health;
using static Plugwire.Wire.Services.Health.HealthCheckResponse.Types;

namespace Plugwire.HostServices;

/// <summary>The standard health service.</summary>
internal sealed class HealthService(HealthStatuses statuses) : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var status = statuses[request.Service];
        return status == ServingStatus.ServiceUnknown
            ? throw new RpcException(new Status(StatusCode.NotFound, $"The plugin serves no '{request.Service}'."))
            : Task.FromResult(new HealthCheckResponse { Status = status });
    }

    /// <summary>As the standard has it, an unknown service is a status here, not an error. The stream ends when the plugin stops: no change can follow.</summary>
    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var told = statuses[request.Service];
        await responseStream.WriteAsync(new HealthCheckResponse { Status = told }, context.CancellationToken).ConfigureAwait(false);
        await statuses.Stopping.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        var last = statuses[request.Service];
        if (last != told)
            await responseStream.WriteAsync(new HealthCheckResponse { Status = last }, context.CancellationToken).ConfigureAwait(false);
    }
}
