namespace Plugwire.Benchmarks.Shapes;

/// <summary>What a comparison is to come to.</summary>
/// <param name="IsUpper">Whether smaller is better.</param>
/// <param name="Bound">The last value that is good.</param>
internal readonly record struct Goal(bool IsUpper, double Bound)
{
    public static Goal AtMost(double bound) => new(IsUpper: true, bound);

    public static Goal AtLeast(double bound) => new(IsUpper: false, bound);

    public bool IsMetBy(double value) => IsUpper ? value <= Bound : value >= Bound;
}
