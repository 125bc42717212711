using System.Globalization;
using Grpc.Core;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Services.Health;
using static Plugwire.Wire.Services.Health.HealthCheckResponse.Types;

namespace Plugwire.HostServices;

/// <summary>The standard health service.</summary>
/// <param name="statuses">What it answers.</param>
/// <param name="isDebugged">Whether a debugger is attached at this moment; the host must know, because a plugin that stands at a breakpoint answers nobody.</param>
/// <param name="countDeafHandlers">How many handlers run on though their calls are over.</param>
internal sealed class HealthService(HealthStatuses statuses, Func<bool> isDebugged, Func<int> countDeafHandlers) : Health.HealthBase
{
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var status = statuses[request.Service];
        if (status == ServingStatus.ServiceUnknown)
            throw new RpcException(new Status(StatusCode.NotFound, $"The plugin serves no '{request.Service}'."));

        var (debugged, deaf) = (isDebugged(), countDeafHandlers());
        if (debugged || deaf > 0)
            await context.WriteResponseHeadersAsync(HeadersOf(debugged, deaf)).ConfigureAwait(false);
        return new HealthCheckResponse { Status = status };
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

    private static Metadata HeadersOf(bool debugged, int deaf)
    {
        var headers = new Metadata();
        if (debugged)
            headers.Add(HealthHeaders.Debugger, HealthHeaders.Attached);
        if (deaf > 0)
            headers.Add(HealthHeaders.DeafHandlers, deaf.ToString(CultureInfo.InvariantCulture));
        return headers;
    }
}
