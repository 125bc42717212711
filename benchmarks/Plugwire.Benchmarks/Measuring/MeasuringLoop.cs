using System.Net.Sockets;
using Grpc.Core;
using Plugwire.Benchmarks.Contenders;
using Plugwire.Benchmarks.Shapes;
using Plugwire.Hosting;
using Plugwire.Testing;

namespace Plugwire.Benchmarks.Measuring;

/// <summary>
/// Measures the contenders of a shape in turn: each warms up, and then in each round each carries out as many operations as it did in the time of a round before.
/// So whatever else the machine does meets all of them alike.
/// </summary>
internal sealed class MeasuringLoop(RunningContenders contenders, MeasuringOptions options)
{
    private const int FastestGrowth = 10;

    // A round is far over its time before it counts as hung: the machine may be busy.
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(30) + (20 * options.RoundTime);

    /// <summary>Throws <see cref="BenchmarkException"/> when a contender fails or hangs.</summary>
    /// <returns>The rounds of each contender.</returns>
    public async Task<IReadOnlyDictionary<ContenderName, IReadOnlyList<Round>>> MeasureAsync(Shape shape, CancellationToken cancellationToken)
    {
        var last = new Dictionary<ContenderName, Round>();
        foreach (var name in shape.Contenders)
            last[name] = await WarmUpAsync(shape, name, cancellationToken);

        var rounds = shape.Contenders.ToDictionary(name => name, _ => new List<Round>(options.Rounds));
        for (var i = 0; i < options.Rounds; i++)
        {
            foreach (var name in shape.Contenders)
            {
                last[name] = await RunAsync(shape, name, CountFor(last[name]), cancellationToken);
                rounds[name].Add(last[name]);
            }
        }

        return rounds.ToDictionary(pair => pair.Key, IReadOnlyList<Round> (pair) => pair.Value);
    }

    // As long as a round takes, or a little longer, in runs that grow.
    private async Task<Round> WarmUpAsync(Shape shape, ContenderName name, CancellationToken cancellationToken)
    {
        var count = (long)shape.Workload.InFlight;
        while (true)
        {
            var round = await RunAsync(shape, name, count, cancellationToken);
            if (round.Elapsed >= options.RoundTime / 2)
                return round;
            count = Math.Clamp(CountFor(round), 2 * count, FastestGrowth * count);
        }
    }

    private long CountFor(Round round) => Math.Max(1, (long)(round.Count * (options.RoundTime / round.Elapsed)));

    private async Task<Round> RunAsync(Shape shape, ContenderName name, long count, CancellationToken cancellationToken)
    {
        var workload = shape.Workload.Clone();
        workload.Count = count;
        try
        {
            var before = await contenders.ReadAllocatedAsync(name, _limit, cancellationToken);
            var elapsed = await contenders.RunAsync(name, workload, _limit, cancellationToken);
            var after = await contenders.ReadAllocatedAsync(name, _limit, cancellationToken);
            return new Round(count, elapsed, after - before);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new BenchmarkException($"'{shape.Name}' by {name.Text()}: {count} operations did not end within {_limit.TotalSeconds:0} s, where a round takes about {options.RoundTime.TotalSeconds} s.", exception);
        }
        catch (Exception exception) when (exception is RpcException or IOException or SocketException or InvalidOperationException or PluginException or ExpectationException)
        {
            throw new BenchmarkException($"'{shape.Name}' by {name.Text()} failed at {count} operations: {exception.Message}", exception);
        }
    }
}
