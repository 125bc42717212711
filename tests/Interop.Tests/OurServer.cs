using Microsoft.Extensions.Logging;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Tests.Rpc;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Interop.Tests;

/// <summary>The test's service on our own wire.</summary>
internal static class OurServer
{
    public static RpcServer Start(string path, ScriptedEcho service, ILogger logger)
    {
        var methods = new RpcMethods();
        Echo.BindService(methods, service);
        var server = new RpcServer(methods, new RpcServerOptions
        {
            Logger = logger,
            MaxReceiveMessageSize = EchoPair.MessageLimit,
            MaxSendMessageSize = EchoPair.MessageLimit,
        });
        server.Start(UnixSocketListener.Bind(path));
        return server;
    }
}
