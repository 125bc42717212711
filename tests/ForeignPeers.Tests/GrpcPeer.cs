using Plugwire.Wire.Tests.Transports.UnixSockets;

namespace Plugwire.ForeignPeers.Tests;

/// <summary>A gRPC stack of another make: how its program is run, and one server of it for all tests of a class.</summary>
public abstract class GrpcPeer : IAsyncLifetime
{
    private PeerProgram? _server;

    private protected SocketDirectory Sockets { get; } = new();

    /// <summary>Why it cannot be run here; null when it can.</summary>
    public string? Missing { get; private set; }

    /// <summary>Where its server listens.</summary>
    public string ServerPath => Sockets.Of("peer.sock");

    public async ValueTask InitializeAsync()
    {
        Missing = await PrepareAsync();
        if (Missing is not null)
            return;

        var (program, arguments) = Command;
        _server = PeerProgram.Start(program, [.. arguments, "server", $"unix:{ServerPath}"]);
        Assert.Equal("listening", await _server.ReadLineAsync());
    }

    /// <summary>Runs an interop case of its client, which has to hold.</summary>
    public Task RunClientAsync(string caseName, string path)
    {
        var (program, arguments) = Command;
        return PeerProgram.RunAsync(program, [.. arguments, "client", caseName, $"unix:{path}"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Sockets.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The program, and what comes before its role.</summary>
    private protected abstract (string Program, string[] Arguments) Command { get; }

    /// <summary>Makes it ready to run; returns why that cannot be, or null.</summary>
    private protected abstract Task<string?> PrepareAsync();

    private protected static async Task<string?> TryAsync(string program, string[] arguments, string otherwise)
    {
        if (!File.Exists(program))
            return otherwise;

        try
        {
            await PeerProgram.RunAsync(program, arguments);
            return null;
        }
        catch (Xunit.Sdk.XunitException)
        {
            return otherwise;
        }
    }
}
