using System.Collections.Concurrent;
using Plugwire.Testing.Conformance.Roles;
using Plugwire.Wire.Transports;

namespace Plugwire.Testing.Command.Playing;

/// <summary>What becomes of a connection before the gRPC server sees it.</summary>
internal sealed class PlayedConnections(PlayedRole role)
{
    // SETTINGS without a setting, and GOAWAY: the last stream is 0, there is no error.
    private static readonly byte[] Leave = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly byte[] NoSettings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    private static readonly byte[] Ping = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];

    private const int PingBytes = 64 * 1024 * 1024;
    private const int PingsAtOnce = 4096;

    private readonly ConcurrentBag<TransportConnection> _served = [];

    public async ValueTask<TransportConnection?> ScreenAsync(TransportConnection connection, CancellationToken cancellationToken)
    {
        await role.Kit.SayAsync(ReportWords.Connected);
        if (role.Has(RoleWords.HangUp))
            await connection.DisposeAsync();
        else if (role.Has(RoleWords.Mute))
            await HoldAsync(connection, default, cancellationToken);
        else if (role.Has(RoleWords.NoHttp2))
            await HoldAsync(connection, "SSH-2.0-OpenSSH_9.9\r\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8.ToArray(), cancellationToken);
        else if (role.Has(RoleWords.GoAway))
            await HoldAsync(connection, Leave, cancellationToken);
        else if (role.Has(RoleWords.Pings))
            await PingAsync(connection, cancellationToken);
        else
            return Keep(connection);
        return null;
    }

    /// <summary>Closes all that are served, without a word.</summary>
    public async Task CutAsync()
    {
        foreach (var connection in _served)
            await connection.DisposeAsync();
    }

    private TransportConnection Keep(TransportConnection connection)
    {
        _served.Add(connection);
        return connection;
    }

    private async Task PingAsync(TransportConnection connection, CancellationToken cancellationToken)
    {
        await using (connection)
        {
            try
            {
                var pings = Enumerable.Repeat(Ping, PingsAtOnce).SelectMany(static ping => ping).ToArray();
                await connection.Stream.WriteAsync(NoSettings, cancellationToken);
                for (var left = PingBytes; left > 0; left -= pings.Length)
                    await connection.Stream.WriteAsync(pings, cancellationToken);
                await role.Kit.SayAsync(ReportWords.Done);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            catch (Exception end) when (end is IOException or OperationCanceledException)
            {
                // The host's end, or the plugin's.
            }
        }
    }

    // Reads what comes, so that the host never waits for that.
    private static async Task HoldAsync(TransportConnection connection, ReadOnlyMemory<byte> greeting, CancellationToken cancellationToken)
    {
        await using (connection)
        {
            try
            {
                await connection.Stream.WriteAsync(greeting, cancellationToken);
                var buffer = new byte[4096];
                while (await connection.Stream.ReadAsync(buffer, cancellationToken) > 0)
                {
                }
            }
            catch (Exception end) when (end is IOException or OperationCanceledException)
            {
                // The host's end, or the plugin's.
            }
        }
    }
}
