using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Staging;

/// <summary>Calls of a plugin, as many as a run needs.</summary>
internal static class CallLoop
{
    /// <summary>Unary calls one after the other, and how long each took.</summary>
    public static async Task<IReadOnlyList<TimeSpan>> TimeAsync(Kinds.KindsClient client, int calls, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>(calls);
        for (var i = 0; i < calls; i++)
            times.Add(await TimeOneAsync(client, cancellationToken));
        return times;
    }

    /// <summary>The same as long as something goes on.</summary>
    public static async Task<IReadOnlyList<TimeSpan>> TimeWhileAsync(Kinds.KindsClient client, Task going, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>();
        do
            times.Add(await TimeOneAsync(client, cancellationToken));
        while (!going.IsCompleted);
        await going;
        return times;
    }

    /// <summary>The time that 99 in 100 do not exceed.</summary>
    public static TimeSpan Percentile99(IReadOnlyList<TimeSpan> times) => times.Order().ElementAt((int)Math.Ceiling(0.99 * times.Count) - 1);

    /// <summary>What a call has failed with; null when it succeeded.</summary>
    public static async Task<RpcException?> FailureAsync(Task call)
    {
        try
        {
            await call;
            return null;
        }
        catch (RpcException failure)
        {
            return failure;
        }
    }

    /// <summary>Calls of all four kinds that wait for good, with their handlers.</summary>
    /// <returns>What each ends with.</returns>
    public static async Task<IReadOnlyList<Task<RpcException?>>> HoldAsync(Plugin plugin, int calls, CancellationToken cancellationToken)
    {
        var client = plugin.CreateClient<Kinds.KindsClient>();
        var held = new List<Task<RpcException?>>(calls);
        var running = new List<Task>();
        for (var i = 0; i < calls; i++)
        {
            switch (i % 4)
            {
                case 0:
                    var unary = client.UnaryAsync(new Note { Hold = Hold.ForGood }, cancellationToken: cancellationToken);
                    running.Add(unary.ResponseHeadersAsync);
                    held.Add(FailureAsync(unary.ResponseAsync));
                    break;
                case 1:
                    var upload = client.ClientStream(cancellationToken: cancellationToken);
                    running.Add(upload.ResponseHeadersAsync);
                    held.Add(FailureAsync(upload.ResponseAsync));
                    break;
                case 2:
                    var download = client.ServerStream(new Note { Number = 1, Hold = Hold.ForGood }, cancellationToken: cancellationToken);
                    running.Add(download.ResponseStream.MoveNext(cancellationToken));
                    held.Add(SecondMessageAsync(running[^1], download.ResponseStream));
                    break;
                default:
                    var duplex = client.Duplex(cancellationToken: cancellationToken);
                    await duplex.RequestStream.WriteAsync(new Note(), cancellationToken);
                    running.Add(duplex.ResponseStream.MoveNext(cancellationToken));
                    held.Add(SecondMessageAsync(running[^1], duplex.ResponseStream));
                    break;
            }
        }

        await Task.WhenAll(running);
        return held;
    }

    private static async Task<RpcException?> SecondMessageAsync(Task first, IAsyncStreamReader<Note> stream)
    {
        await first;
        return await FailureAsync(stream.MoveNext(CancellationToken.None));
    }

    private static async Task<TimeSpan> TimeOneAsync(Kinds.KindsClient client, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        await client.UnaryAsync(new Note(), cancellationToken: cancellationToken);
        return TimeProvider.System.GetElapsedTime(began);
    }
}
