using Grpc.Core;
using Plugwire.Benchmarks.Workloads;

namespace Plugwire.Benchmarks.Contenders;

/// <summary>What this process and a server's have allocated since they began.</summary>
/// <param name="invoker">Reaches the server.</param>
internal sealed class AllocatedBytes(CallInvoker invoker)
{
    private readonly ServerProcess.ServerProcessClient _server = new(invoker);

    public async Task<long?> ReadAsync(CancellationToken cancellationToken)
    {
        var reply = await _server.ReadAllocatedAsync(new ReadAllocatedRequest(), cancellationToken: cancellationToken);
        return reply.Bytes + GC.GetTotalAllocatedBytes(precise: true);
    }
}
