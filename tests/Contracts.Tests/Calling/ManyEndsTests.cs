using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Calling;

/// <summary>Duplex calls that end in every way that caller, requests and handler can think of, many at once: each ends, and nothing is left behind.</summary>
public sealed class ManyEndsTests
{
    private const int CallsPerLink = 250;
    private const int AtOnce = 16;

    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(300);

    [Theory]
    [EachLink]
    public async Task Calls_ThatEndInEveryWay_AllEndAndLeaveNothingBehind(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.ExpectsErrors = true;
        var open = 0;
        link.Service.OnDuplex = (requests, call, token) => HandleAsync(requests, new Random(int.Parse(call.Headers!.GetValue("seed")!)), token);
        var seeds = Enumerable.Range(0, CallsPerLink).ToArray();

        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (seed, _) => new ValueTask(RunAsync(link.Client, where, seed))).WaitAsync(TimeSpan.FromSeconds(90));

        // Handlers hear of the end a moment after their callers.
        while (Volatile.Read(ref open) > 0)
            await link.GoRoundAsync();

        async IAsyncEnumerable<EchoReply> HandleAsync(IAsyncEnumerable<EchoRequest> requests, Random random, [EnumeratorCancellation] CancellationToken token)
        {
            Interlocked.Increment(ref open);
            try
            {
                var reads = random.Next(40);
                var end = random.Next(4);
                await foreach (var request in requests)
                {
                    if (random.Next(4) > 0)
                        yield return ScriptedEcho.Reply(request);
                    if (reads-- > 0 || end == 3)
                        continue;
                    if (end == 0)
                        yield break;
                    if (end == 1)
                        throw new RpcException(new Status(StatusCode.DataLoss, "enough"));
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                }
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        }
    }

    private static async Task RunAsync(IEcho client, Link where, int seed)
    {
        var random = new Random(seed);
        using var cancellation = new CancellationTokenSource();
        var sent = random.Next(60);
        var end = random.Next(3);
        var size = random.Next(3) == 0 ? 40_000 : 100;
        var source = new Random(seed + 1);
        var requests = new TrackedRequests(async (index, token) =>
        {
            if (source.Next(3) == 0)
                await Task.Yield();
            if (index < sent)
                return new EchoRequest { Count = index, Payload = UnsafeByteOperations.UnsafeWrap(new byte[size]) };
            if (end == 0)
                return null;
            if (end == 1)
                throw new InvalidTimeZoneException();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return null;
        });
        var began = TimeProvider.System.GetTimestamp();
        var reads = random.Next(50);
        var leave = random.Next(3);
        try
        {
            var call = new CallContext { Headers = new Metadata { { "seed", $"{seed}" } }, Timeout = Time };
            await foreach (var _ in client.DuplexAsync(requests, call, cancellation.Token))
            {
                if (random.Next(3) == 0)
                    await Task.Yield();
                if (reads-- > 0)
                    continue;
                if (leave == 0)
                    break;
                if (leave == 1)
                    await cancellation.CancelAsync();
            }
        }
        catch (OperationCanceledException exception)
        {
            Assert.Equal(cancellation.Token, exception.CancellationToken);
        }
        catch (InvalidTimeZoneException)
        {
            Assert.Equal(1, end);
        }
        catch (RpcException exception)
        {
            // Where all three wait for one another, the deadline ends it; Grpc.Net.Client calls it Unavailable when a message comes at that very moment.
            Assert.True(
                exception.StatusCode is StatusCode.DataLoss or StatusCode.DeadlineExceeded
                || (where == Link.GrpcNetToOurs && exception.StatusCode == StatusCode.Unavailable && TimeProvider.System.GetElapsedTime(began) >= Time),
                exception.ToString());
        }

        Assert.True(requests.IsLetGo, $"The requests of the call of seed {seed} were not disposed of.");
        Assert.Null(requests.Violation);
    }
}
