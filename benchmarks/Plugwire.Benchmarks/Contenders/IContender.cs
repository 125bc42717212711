using Plugwire.Benchmarks.Workloads;

namespace Plugwire.Benchmarks.Contenders;

/// <summary>A caller and a server, both running, as a rule in two processes. For one workload at a time.</summary>
internal interface IContender
{
    /// <summary>Carries a workload out.</summary>
    /// <returns>How long it took, by the clock of the side that called.</returns>
    Task<TimeSpan> RunAsync(Workload workload, CancellationToken cancellationToken);

    /// <summary>How many bytes both processes have allocated so far; null where that is not known.</summary>
    Task<long?> ReadAllocatedAsync(CancellationToken cancellationToken);
}
