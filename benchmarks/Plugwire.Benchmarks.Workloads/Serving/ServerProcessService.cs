using Grpc.Core;

namespace Plugwire.Benchmarks.Workloads.Serving;

/// <summary>Tells of the process that serves.</summary>
public sealed class ServerProcessService : ServerProcess.ServerProcessBase
{
    // Precise: otherwise what threads have not yet used up of their last share counts as used, which is much of a short round.
    public override Task<ReadAllocatedReply> ReadAllocated(ReadAllocatedRequest request, ServerCallContext context) =>
        Task.FromResult(new ReadAllocatedReply { Bytes = GC.GetTotalAllocatedBytes(precise: true) });
}
