using Grpc.Core;
using Plugwire.Benchmarks.Workloads;

namespace Plugwire.Benchmarks.Contenders;

/// <summary>Calls from a plugin's process to this one: the plugin makes them when it is asked to, and says how long they took.</summary>
/// <param name="invoker">Reaches the plugin.</param>
internal sealed class CallbackContender(CallInvoker invoker) : IContender
{
    private readonly CallbackRunner.CallbackRunnerClient _plugin = new(invoker);
    private readonly AllocatedBytes _allocated = new(invoker);

    public async Task<TimeSpan> RunAsync(Workload workload, CancellationToken cancellationToken)
    {
        var reply = await _plugin.RunAsync(workload, cancellationToken: cancellationToken);
        return TimeSpan.FromMicroseconds(reply.Nanoseconds / 1e3);
    }

    public Task<long?> ReadAllocatedAsync(CancellationToken cancellationToken) => _allocated.ReadAsync(cancellationToken);
}
