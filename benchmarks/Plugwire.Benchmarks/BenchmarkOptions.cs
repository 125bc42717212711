using Plugwire.Benchmarks.Measuring;

namespace Plugwire.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Measuring">How long is measured.</param>
/// <param name="Filter">A part of the names of the shapes to measure; null for all.</param>
/// <param name="Output">The file that the report goes to, as JSON; null for none.</param>
internal sealed record BenchmarkOptions(MeasuringOptions Measuring, string? Filter, string? Output);
