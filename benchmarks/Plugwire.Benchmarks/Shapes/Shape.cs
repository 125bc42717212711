using Plugwire.Benchmarks.Contenders;
using Plugwire.Benchmarks.Workloads;

namespace Plugwire.Benchmarks.Shapes;

/// <summary>What contenders are measured at, in turn, and the rows that come of it.</summary>
/// <param name="Workload">What they do; the count is the measuring loop's.</param>
/// <param name="Contenders">Who takes part.</param>
/// <param name="Rows">The first one's name is the shape's.</param>
internal sealed record Shape(Workload Workload, IReadOnlyList<ContenderName> Contenders, params IReadOnlyList<Row> Rows)
{
    public string Name => Rows[0].Name;
}
