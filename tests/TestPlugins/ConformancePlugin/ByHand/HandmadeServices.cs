using Grpc.Core;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Services.Control;
using Plugwire.Wire.Services.GoPlugin;
using Plugwire.Wire.Services.Health;

namespace Plugwire.TestPlugins.Conformance.ByHand;

/// <summary>What the plugin serves.</summary>
internal static class HandmadeServices
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static (byte[] message) => message, static bytes => bytes);

    public static RpcMethods Bind(Fault fault, bool servesContract, HandmadeOutput output, Action shutdown)
    {
        var methods = new RpcMethods();
        Health.BindService(methods, new HealthService(fault));
        GRPCController.BindService(methods, new ControllerService(shutdown));
        GRPCStdio.BindService(methods, new StdioService(fault, output));
        Control.BindService(methods, new ControlService());
        if (servesContract)
            Testing.Conformance.Contract.Conformance.BindService(methods, new ConformanceService(output, new WaitJournal(), fault));
        if (fault.Breaks("connection.unknown-method"))
            methods.AddMethod(new Method<byte[], byte[]>(MethodType.Unary, "plugwire.conformance.NoSuchService", "Call", Bytes, Bytes), (request, _) => Task.FromResult(request));
        if (fault.Breaks("connection.broker-stream"))
        {
            methods.AddMethod(
                new Method<byte[], byte[]>(MethodType.DuplexStreaming, "plugin.GRPCBroker", "StartStream", Bytes, Bytes),
                (IAsyncStreamReader<byte[]> _, IServerStreamWriter<byte[]> _, ServerCallContext _) => throw new RpcException(new Status(StatusCode.Internal, "No broker.")));
        }

        return methods;
    }

    private sealed class HealthService(Fault fault) : Health.HealthBase
    {
        public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            if (fault.Breaks("connection.authority") && context.Host == "unused")
                throw new RpcException(new Status(StatusCode.PermissionDenied, "Who is 'unused'?"));
            if (request.Service != "plugin" && !fault.Breaks("health.unknown-service"))
                throw new RpcException(new Status(StatusCode.NotFound, "There is no such service."));
            return Task.FromResult(new HealthCheckResponse
            {
                Status = fault.Breaks("health.serving") ? HealthCheckResponse.Types.ServingStatus.NotServing : HealthCheckResponse.Types.ServingStatus.Serving,
            });
        }
    }

    private sealed class ControllerService(Action shutdown) : GRPCController.GRPCControllerBase
    {
        public override Task<Empty> Shutdown(Empty request, ServerCallContext context)
        {
            shutdown();
            return Task.FromResult(new Empty());
        }
    }

    private sealed class StdioService(Fault fault, HandmadeOutput output) : GRPCStdio.GRPCStdioBase
    {
        public override async Task StreamStdio(Google.Protobuf.WellKnownTypes.Empty request, IServerStreamWriter<StdioData> responseStream, ServerCallContext context)
        {
            if (fault.Breaks("connection.console-stream"))
                return;
            await foreach (var data in output.Console.ReadAllAsync(context.CancellationToken))
                await responseStream.WriteAsync(data, context.CancellationToken);
        }
    }

    private sealed class ControlService : Control.ControlBase
    {
        public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(new DescribeResponse());
    }
}
