using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.TestPlugins.Conformance.ByHand;

/// <summary>
/// A plugin made below the SDK, from the wire alone: the SDK's own could not be made to fail each case. Without a fault it meets all requirements, so that it fails with one for that alone.
/// </summary>
internal sealed class HandmadePlugin(Fault fault, bool servesContract)
{
    private const int Refused = 1;

    private static readonly int[] Versions = [1, 2, 3];

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HandmadeOutput _output = new(fault);

    public async Task<int> RunAsync()
    {
        if (FindRefusal() is { } refusal)
        {
            if (!fault.Breaks("handshake.cookie-explained"))
                await Console.Error.WriteLineAsync(refusal);
            return Refused;
        }

        var directory = Variable(LaunchVariables.SocketDirectory) is { } named && Directory.Exists(named) ? named : Path.GetTempPath();
        var path = Path.Combine(directory, "plugin" + Environment.ProcessId);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate);
        using var interrupt = fault.Breaks("signal.interrupt") ? null : PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        var methods = HandmadeServices.Bind(fault, servesContract, _output, Shutdown);
        await using var server = new RpcServer(methods, new RpcServerOptions
        {
            MaxConnections = fault.Breaks("connection.several") ? 1 : 8,
            MaxReceiveMessageSize = (fault.Breaks("message.very-large") ? 4 : 16) * 1024 * 1024,
            Screen = new HandmadeScreen(fault).PassAsync,
        });
        using var silent = fault.Breaks("handshake.listens-first") ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : null;
        if (silent is null)
            server.Start(UnixSocketListener.Bind(path));
        else
            silent.Bind(new UnixDomainSocketEndPoint(path));
        if (fault.Breaks("address.private") && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);

        FollowHost();
        await _output.BeginAsync();
        await PrintHandshakeAsync(fault.Breaks("address.directory") ? "/tmp/elsewhere/plugin" : path);
        await _end.Task;
        return await StopAsync(server, path);
    }

    private async Task<int> StopAsync(RpcServer server, string path)
    {
        using var drain = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        _output.End();
        await server.StopAsync(fault.Breaks("shutdown.while-calling") ? CancellationToken.None : drain.Token);
        if (fault.Breaks("shutdown.removes-socket"))
            await File.WriteAllTextAsync(path, "");
        if (fault.Breaks("shutdown.no-processes"))
            Process.Start("sleep", "1000").Dispose();
        return fault.Breaks("shutdown.exit-code") ? 3 : 0;
    }

    private string? FindRefusal()
    {
        var cookie = Variable(LaunchVariables.DefaultCookieKey);
        if (cookie is null && !fault.Breaks("handshake.cookie-missing"))
            return "This is a plugin.";
        if (cookie is not null and not LaunchVariables.DefaultCookieValue && !fault.Breaks("handshake.cookie-wrong"))
            return "This is another application's plugin.";
        if (Variable(LaunchVariables.ClientCertificate) is not null && !fault.Breaks("environment.client-certificate"))
            return "No TLS here.";
        if (Variable(LaunchVariables.SocketDirectory) is { } directory && !Directory.Exists(directory) && !fault.Breaks("environment.bad-directory"))
            return "There is no such directory.";
        if (fault.Breaks("environment.unknown") && Variable("PLUGIN_FROM_A_LATER_HOST") is not null)
            return "What is this?";
        if (fault.Breaks("environment.no-ports") && Variable(LaunchVariables.MinPort) is null)
            return "Where are the ports?";
        ProtocolVersions.Parse(Variable(LaunchVariables.ProtocolVersions), out var unreadable);
        return fault.Breaks("versions.unreadable") && unreadable.Count > 0 ? "What is this for a version?" : null;
    }

    private async Task PrintHandshakeAsync(string address)
    {
        if (fault.Breaks("address.socket"))
            await File.WriteAllTextAsync(address += ".txt", "");
        var line = new HandshakeLine(
            HandshakeLine.CurrentCoreVersion,
            ChooseVersion(),
            HandshakeLine.Unix,
            address,
            fault.Breaks("handshake.fields") ? HandshakeLine.NetRpc : HandshakeLine.Grpc,
            fault.Breaks("handshake.no-certificate") ? "bm8gY2VydGlmaWNhdGU" : "",
            fault.Breaks("handshake.no-multiplexing") ? true : null).Format();
        await Console.Out.WriteAsync(fault.Breaks("handshake.one-line") ? line + "\nReady.\n" : line + "\n");
    }

    private int ChooseVersion()
    {
        var offered = ProtocolVersions.Parse(Variable(LaunchVariables.ProtocolVersions), out _);
        var common = Versions.Intersect(offered).ToArray();
        if (fault.Breaks("versions.not-offered") && offered.Count == 0)
            return 0;
        if (fault.Breaks("versions.none-in-common") && common.Length == 0)
            return offered[0];
        if (fault.Breaks("versions.each"))
            return Versions.Max();
        return fault.Breaks("versions.highest-common") && common.Length > 0 ? common.Min() : ProtocolVersions.Choose(offered, Versions);
    }

    private void OnTerminate(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!fault.Breaks("signal.terminate"))
            _end.TrySetResult();
    }

    private void Shutdown()
    {
        if (!fault.Breaks("shutdown.ends"))
            _end.TrySetResult();
    }

    private void FollowHost()
    {
        var announced = Variable(LaunchVariables.Lifeline) == LaunchVariables.LifelineStdin && !fault.Breaks("host-death.announced");
        if (!announced && !fault.Breaks("host-death.unannounced"))
            return;

        new Thread(ReadInputToItsEnd) { IsBackground = true }.Start();
    }

    private void ReadInputToItsEnd()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        Environment.Exit(0);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);
}
