using System.Collections;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Plugwire.Testing.Conformance.Roles;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Testing.Command.Playing;

/// <summary>
/// The plugin of a case of host conformance: it does all right but for what its role says, and tells the kit what it sees. It ends with the kit, unless it is frozen.
/// </summary>
internal sealed class PlayedPlugin : IAsyncDisposable
{
    private const int EarlyExitCode = 7;
    private const int CannotBegin = 1;
    private const int Unplayable = 2;

    private static readonly TimeSpan Drain = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongFarewell = TimeSpan.FromSeconds(1);

    private readonly PlayedRole _role;
    private readonly CancellationTokenSource _ended = new();
    private readonly RpcServer _server;
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    private PlayedPlugin(PlayedRole role)
    {
        _role = role;
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Post(context, ReportWords.Terminate));

        // The terminal sends it to host and plugin alike: it is the host's to answer.
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        var connections = new PlayedConnections(role);
        var services = new PlayedServices(role, connections, () => _events.Writer.TryWrite(ReportWords.Shutdown), _ended.Token);
        _server = new RpcServer(services.Methods, new RpcServerOptions { MaxConnections = 64, MaxSendMessageSize = null, Screen = connections.ScreenAsync });
    }

    /// <param name="args">The case's directory, the words of the role, and behind <c>--</c> what the host has passed to its plugin.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var separator = Array.IndexOf(args, "--");
        if (separator < 1)
        {
            await Console.Error.WriteLineAsync("This is the plugin of Plugwire's host conformance, which a host starts for a case: see 'plugwire-conformance host --help'.");
            return Unplayable;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(args[0], ReportWords.SocketName)));
        await using var kit = new ReportStream(new NetworkStream(socket));
        var words = args[1..separator];
        if (words.FirstOrDefault(word => !RoleWords.All.Contains(word)) is { } unknown)
        {
            await kit.SayAsync(ReportWords.Unplayable, unknown);
            return Unplayable;
        }

        await using var plugin = new PlayedPlugin(new PlayedRole(args[0], words, kit));
        return await plugin.PlayAsync(args[(separator + 1)..]);
    }

    public async ValueTask DisposeAsync()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        using var drain = new CancellationTokenSource(Drain, TimeProvider.System);
        await _ended.CancelAsync();
        await _server.StopAsync(drain.Token);
        await _server.DisposeAsync();
        _ended.Dispose();
    }

    private async Task<int> PlayAsync(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(LaunchVariables.Lifeline) == LaunchVariables.LifelineStdin)
            new Thread(FollowInput) { IsBackground = true }.Start();
        foreach (var argument in arguments)
            await _role.Kit.SayAsync(ReportWords.Argument, argument);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            await _role.Kit.SayAsync(ReportWords.Variable, $"{variable.Key}={variable.Value}");
        await _role.Kit.SayAsync(ReportWords.Started);

        var begun = BeginAsync();
        await Task.WhenAny(FollowKitAsync(), FollowEventsAsync());

        // What still waits, for the kit or for a host that does not read, ends with the process.
        return begun.IsCompleted ? await begun : 0;
    }

    /// <summary>What the plugin ends with, should it end for what comes to pass here.</summary>
    private async Task<int> BeginAsync()
    {
        var code = 0;
        try
        {
            if (await new PlayedHandshake(_role, _server).PrintAsync())
                return code;
            code = EarlyExitCode;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync("The plugin of the conformance case cannot begin: " + failure);
            code = CannotBegin;
        }

        _events.Writer.TryWrite(ReportWords.Ends);
        return code;
    }

    private async Task FollowEventsAsync()
    {
        await foreach (var happened in _events.Reader.ReadAllAsync())
        {
            if (await EndsForAsync(happened))
                return;
        }
    }

    private async Task<bool> EndsForAsync(string happened)
    {
        if (happened is ReportWords.Terminate or ReportWords.InputEnded)
            await _role.Kit.SayAsync(happened);
        if ((happened == ReportWords.Terminate && _role.Has(RoleWords.IgnoresTerminate))
            || (happened == ReportWords.Shutdown && (_role.Has(RoleWords.Deaf) || _role.Has(RoleWords.IgnoresTerminate))))
        {
            return false;
        }

        if (happened == ReportWords.Shutdown)
        {
            if (_role.Has(RoleWords.SlowEnd) && await HappensWithinAsync(LongFarewell))
                return false;
            await _role.Kit.SayAsync(ReportWords.Ends);
        }

        return true;
    }

    private async Task<bool> HappensWithinAsync(TimeSpan time)
    {
        using var late = new CancellationTokenSource(time, TimeProvider.System);
        try
        {
            return await _events.Reader.WaitToReadAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Its end is the end of the case: nobody looks any more.
    private async Task FollowKitAsync()
    {
        while (await _role.Kit.ReadAsync() is { } said)
        {
            if (said.Word == ReportWords.Go)
                _role.GoOn();
        }
    }

    private void FollowInput()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        _events.Writer.TryWrite(ReportWords.InputEnded);
    }

    private void Post(PosixSignalContext context, string happened)
    {
        context.Cancel = true;
        _events.Writer.TryWrite(happened);
    }
}
