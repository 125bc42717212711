using Google.Protobuf;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Supervising;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Services.Control;
using Plugwire.Wire.Transports;

namespace Plugwire.Hosting.Tests.Offering;

/// <summary>A plugin that its host wants to serve, played by the test: it gives out a token, and takes the connection that shows it.</summary>
internal sealed class CalledHost : IAsyncDisposable
{
    private static readonly byte[] Token = [.. Enumerable.Range(0, HostConnectionPreamble.TokenBytes).Select(number => (byte)number)];

    private readonly TaskCompletionSource<RpcClientConnection> _connection = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _takes;
    private volatile bool _announced;

    /// <param name="plugin">What the host starts.</param>
    /// <param name="takes">Whether the connection is taken, or closed.</param>
    public CalledHost(ServedPlugin plugin, bool takes = true)
    {
        _takes = takes;
        plugin.Screen = ScreenAsync;
        plugin.OnOpenHostConnection = request =>
        {
            Services = [.. request.Services];
            _announced = true;
            return new OpenHostConnectionResponse { Token = ByteString.CopyFrom(Token) };
        };
    }

    /// <summary>What the host has announced.</summary>
    public string[] Services { get; private set; } = [];

    /// <summary>Ends when the plugin can call.</summary>
    public Task<RpcClientConnection> Connection => _connection.Task.WaitAsync(Shell.Limit, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_connection.Task.IsCompletedSuccessfully)
            await (await Connection).DisposeAsync();
    }

    private async ValueTask<TransportConnection?> ScreenAsync(TransportConnection transport, CancellationToken cancellationToken)
    {
        if (!_announced)
            return transport;

        var preamble = new byte[HostConnectionPreamble.Length];
        await transport.Stream.ReadExactlyAsync(preamble, cancellationToken);
        Assert.Equal(HostConnectionPreamble.Format(Token), preamble);
        if (_takes)
            _connection.SetResult(await RpcClientConnection.ConnectAsync(transport, new RpcClientOptions(), cancellationToken));
        else
            await transport.DisposeAsync();
        return null;
    }
}
