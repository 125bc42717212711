using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Transports;

namespace Plugwire.Contracts.Tests.Links;

/// <summary>The test's contract on our own wire.</summary>
internal sealed class OurServer : IServerSide
{
    private readonly ConcurrentBag<TransportConnection> _transports = [];
    private readonly RpcServer _server;
    private readonly IConnectionListener? _listener;
    private readonly Task _accepting = Task.CompletedTask;

    /// <summary>Serves one connection.</summary>
    public OurServer(IEcho service, ILogger logger, TimeProvider? clock, TransportConnection transport)
    {
        _server = Create(service, logger, clock);
        _transports.Add(transport);
        _server.Serve(transport);
    }

    /// <summary>Serves what connects.</summary>
    public OurServer(IEcho service, ILogger logger, TimeProvider? clock, IConnectionListener listener)
    {
        _server = Create(service, logger, clock);
        _listener = listener;
        _accepting = AcceptAsync(listener);
    }

    public Task StopAsync() => _server.StopAsync(new CancellationToken(canceled: true));

    public async Task CutAsync()
    {
        foreach (var transport in _transports)
            await transport.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
            await _listener.DisposeAsync();
        await _accepting;
        await _server.DisposeAsync();
    }

    private static RpcServer Create(IEcho service, ILogger logger, TimeProvider? clock)
    {
        var methods = new RpcMethods();
        Bound.To(methods, service);
        return new RpcServer(methods, new RpcServerOptions { Logger = logger, TimeProvider = clock ?? TimeProvider.System });
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (await listener.AcceptAsync(CancellationToken.None) is { } transport)
        {
            _transports.Add(transport);
            _server.Serve(transport);
        }
    }
}
