using Google.Protobuf;
using Plugwire.Benchmarks.Workloads;
using Plugwire.Benchmarks.Workloads.Serving;
using Plugwire.Testing;

namespace Plugwire.Benchmarks.Contenders;

/// <summary>What each test of a plugin waits for beside what it tests: an operation is the start of a plugin in memory, one call, and the stop with its look at what is left.</summary>
internal sealed class HarnessContender : IContender
{
    public async Task<TimeSpan> RunAsync(Workload workload, CancellationToken cancellationToken)
    {
        var block = new Block { Payload = UnsafeByteOperations.UnsafeWrap(new byte[workload.Size]) };
        var began = TimeProvider.System.GetTimestamp();
        for (var done = 0L; done < workload.Count; done++)
        {
            await using var harness = await PluginHarness.StartAsync(static plugin => plugin.AddContract<IExchange, ExchangeContract>(), cancellationToken: cancellationToken);
            await harness.GetContract<IExchange>().EchoAsync(block, cancellationToken: cancellationToken);
        }

        return TimeProvider.System.GetElapsedTime(began);
    }

    public Task<long?> ReadAllocatedAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(GC.GetTotalAllocatedBytes(precise: true));
}
