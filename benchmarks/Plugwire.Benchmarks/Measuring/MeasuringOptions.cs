namespace Plugwire.Benchmarks.Measuring;

/// <summary>How long is measured.</summary>
/// <param name="Rounds">How many times each contender has its turn.</param>
/// <param name="RoundTime">About how long a turn is.</param>
internal readonly record struct MeasuringOptions(int Rounds, TimeSpan RoundTime);
