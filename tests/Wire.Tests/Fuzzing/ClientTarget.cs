using Plugwire.Wire.Rpc.Client;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>A client with calls of each kind open. Each of them ends once, whatever its server says.</summary>
internal sealed class ClientTarget(FailureWatch watch)
{
    private readonly List<Observation> _observations = [];

    /// <summary>How many calls were opened.</summary>
    public int Calls { get; private set; }

    /// <summary>How many of them ended with OK.</summary>
    public int Succeeded { get; private set; }

    /// <returns>Whether the connection was still open at the end of it.</returns>
    /// <exception cref="FuzzException">What never happens has happened.</exception>
    public async Task<bool> PlayAsync(FuzzPlay play)
    {
        _observations.Clear();
        var peer = new FuzzPeer(ofClient: true);
        var connecting = ConnectAsync(peer);
        if (!await peer.TrySendAsync(play.Opening))
            throw new FuzzException("A client closed though its server had begun as it should.");
        var opening = OpenAsync(connecting, play);

        // As a rule all are open before more comes; where the opening is a part of the case, as soon as it allows.
        var calls = play.Opening.Length > 0 ? await opening.Within("connecting") : null;
        var wasOpen = await peer.PlayAsync(play, part =>
        {
            if (part == play.CancelBefore)
                calls?.CancelFirst();
        });
        calls ??= await opening.Within("connecting");
        if (calls is not null)
        {
            using (calls)
            {
                Succeeded += await calls.EndAsync();
                Calls += calls.Count;
            }
        }

        if (await connecting is { } connection)
            await connection.DisposeAsync().AsTask().Within("ending a connection that is over");
        if (_observations.FirstOrDefault(observation => observation.Ends != 1) is { } wrong)
            throw new FuzzException($"A call of {wrong.Method} ended {wrong.Ends} times.");
        return wasOpen;
    }

    private async Task<RpcClientConnection?> ConnectAsync(FuzzPeer peer)
    {
        try
        {
            return await RpcClientConnection.ConnectAsync(peer.Transport, new RpcClientOptions { Logger = watch, ObserveCall = Observe }, CancellationToken.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<OpenCalls?> OpenAsync(Task<RpcClientConnection?> connecting, FuzzPlay play) =>
        await connecting is { } connection ? new OpenCalls(connection, play.CompletesRequests) : null;

    private Observation Observe(string method)
    {
        var observation = new Observation(method);
        _observations.Add(observation);
        return observation;
    }

    private sealed class Observation(string method) : IDisposable
    {
        private int _ends;

        public string Method => method;

        public int Ends => Volatile.Read(ref _ends);

        public void Dispose() => Interlocked.Increment(ref _ends);
    }
}
