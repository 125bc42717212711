using System.Diagnostics;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Services.GoPlugin;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.TestPlugins.ConformanceHost;

/// <summary>A host that knows of no StreamStdio.</summary>
internal static class BareHost
{
    public static async Task RunAsync(string path)
    {
        var start = new ProcessStartInfo(path) { RedirectStandardOutput = true };
        start.Environment[LaunchVariables.DefaultCookieKey] = LaunchVariables.DefaultCookieValue;
        start.Environment[LaunchVariables.ProtocolVersions] = "1";
        using var process = Process.Start(start)!;
        var address = (await process.StandardOutput.ReadLineAsync())!.Split('|')[3];
        await using var connection = await RpcClientConnection.ConnectAsync(await UnixSocketConnector.ConnectAsync(address, CancellationToken.None), new RpcClientOptions(), CancellationToken.None);
        await new Conformance.ConformanceClient(connection.CallInvoker).EchoAsync(new Payload());
        await new GRPCController.GRPCControllerClient(connection.CallInvoker).ShutdownAsync(new Empty());
        await process.WaitForExitAsync();
    }
}
