using Grpc.Core;
using Plugwire.Benchmarks.Workloads;

namespace Plugwire.Benchmarks.Contenders;

/// <summary>Calls from this process to a server's.</summary>
/// <param name="calls">What is measured.</param>
/// <param name="invoker">Reaches the same process.</param>
internal sealed class CallsContender(ExchangeCalls calls, CallInvoker invoker) : IContender
{
    private readonly AllocatedBytes _allocated = new(invoker);

    public async Task<TimeSpan> RunAsync(Workload workload, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        await calls.RunAsync(workload, cancellationToken);
        return TimeProvider.System.GetElapsedTime(began);
    }

    public Task<long?> ReadAllocatedAsync(CancellationToken cancellationToken) => _allocated.ReadAsync(cancellationToken);
}
