using System.Net;
using System.Net.Sockets;
using Plugwire.Wire.Http2;

namespace Plugwire.WireTarget;

/// <summary>One connection and one request after the other.</summary>
internal static class TargetClient
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    // A tool that tests clients listens anew for each of its cases.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<int> RunAsync(string address, long? requests, CancellationToken cancellationToken)
    {
        try
        {
            for (long i = 0; i < (requests ?? long.MaxValue); i++)
            {
                if (i > 0)
                    await Task.Delay(Pause, TimeProvider.System, cancellationToken);
                await Console.Out.WriteLineAsync(await RequestAsync(address, cancellationToken));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Interrupted: that is its usual end.
        }

        return 0;
    }

    private static async Task<string> RequestAsync(string address, CancellationToken cancellationToken)
    {
        EndPoint endPoint = IPEndPoint.TryParse(address, out var ip) && ip.Port != 0 ? ip : new UnixDomainSocketEndPoint(address);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            return $"no connection: {exception.Message}";
        }

        await using var connection = Http2Connection.Start(new NetworkStream(socket, ownsSocket: true), Http2Role.Client, new Http2Options());
        var stream = new AskingStream(connection);
        stream.Ask(endPoint is IPEndPoint ? address : "localhost");
        try
        {
            return await stream.Answer.WaitAsync(RequestLimit, cancellationToken);
        }
        catch (TimeoutException)
        {
            return $"no answer within {RequestLimit.TotalSeconds} s";
        }
    }
}
