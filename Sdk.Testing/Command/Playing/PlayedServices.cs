using Google.Protobuf;
using Grpc.Core;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Roles;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Services.GoPlugin;
using Plugwire.Wire.Services.Health;
using ConformanceService = Plugwire.Testing.Conformance.Contract.Conformance;

namespace Plugwire.Testing.Command.Playing;

/// <summary>What the plugin serves, until the token ends it: no more than a plugin of any language, and of the conformance contract the one call that a host makes.</summary>
internal sealed class PlayedServices
{
    private const int LargeBytes = 64 * 1024 * 1024;

    public PlayedServices(PlayedRole role, PlayedConnections connections, Action shutdown, CancellationToken ended)
    {
        var console = new PlayedConsole(role, ended);
        Health.BindService(Methods, new HealthService(role));
        GRPCStdio.BindService(Methods, console);
        if (!role.Has(RoleWords.NoController))
            GRPCController.BindService(Methods, new ControllerService(role, shutdown));
        ConformanceService.BindService(Methods, new CallService(role, new PlayedCall(role, connections, console)));
    }

    public RpcMethods Methods { get; } = new();

    private sealed class HealthService(PlayedRole role) : Health.HealthBase
    {
        public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            await role.Kit.SayAsync(ReportWords.Health);
            return new HealthCheckResponse
            {
                Status = role.Has(RoleWords.NotServing) ? HealthCheckResponse.Types.ServingStatus.NotServing : HealthCheckResponse.Types.ServingStatus.Serving,
            };
        }
    }

    private sealed class ControllerService(PlayedRole role, Action shutdown) : GRPCController.GRPCControllerBase
    {
        public override async Task<Empty> Shutdown(Empty request, ServerCallContext context)
        {
            await role.Kit.SayAsync(ReportWords.Shutdown);
            if (role.Has(RoleWords.EndsUnanswered))
                Environment.Exit(0);
            if (role.Has(RoleWords.Freezes))
                await PlayedRole.FreezeAsync();
            shutdown();
            return new Empty();
        }
    }

    private sealed class CallService(PlayedRole role, PlayedCall call) : ConformanceService.ConformanceBase
    {
        public override async Task<Payload> Echo(Payload request, ServerCallContext context)
        {
            await call.PlayAsync();
            return role.Has(RoleWords.TooLarge) ? new Payload { Data = ByteString.CopyFrom(new byte[LargeBytes]) } : request;
        }
    }
}
