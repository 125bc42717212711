using Google.Protobuf;
using Grpc.Core;
using Plugwire.Callbacks;
using Plugwire.Logging;
using Plugwire.Wire.Services.Control;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;
using WireLogLevel = Plugwire.Wire.Services.Control.LogLevel;

namespace Plugwire.HostServices;

/// <summary>What a Plugwire host asks of a plugin beyond go-plugin's services.</summary>
internal sealed class ControlService(LogLevelSwitch levels, IReadOnlyList<string> capabilities, HostConnection host) : Wire.Services.Control.Control.ControlBase
{
    public override Task<SetLogLevelResponse> SetLogLevel(SetLogLevelRequest request, ServerCallContext context)
    {
        if (request.Minimum is < WireLogLevel.Trace or > WireLogLevel.None)
        {
            throw new RpcException(new Status(
                StatusCode.InvalidArgument,
                $"The minimum log level is a number from {(int)WireLogLevel.Trace} (trace) to {(int)WireLogLevel.None} (none): {(int)request.Minimum} is none."));
        }

        // The wire's levels are .NET's plus one, since zero means unspecified there.
        levels.Set((LogLevel)((int)request.Minimum - 1));
        return Task.FromResult(new SetLogLevelResponse());
    }

    public override Task<OpenHostConnectionResponse> OpenHostConnection(OpenHostConnectionRequest request, ServerCallContext context) =>
        host.TryAnnounce(request.Services, out var token, out var refusal)
            ? Task.FromResult(new OpenHostConnectionResponse { Token = ByteString.CopyFrom(token.Bytes) })
            : throw new RpcException(new Status(StatusCode.FailedPrecondition, refusal));

    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) =>
        Task.FromResult(new DescribeResponse { Capabilities = { capabilities } });
}
