using Plugwire.Benchmarks.Shapes;

namespace Plugwire.Benchmarks.Measuring;

/// <summary>What one contender did in one round.</summary>
/// <param name="Count">The operations.</param>
/// <param name="Elapsed">How long they took together.</param>
/// <param name="Allocated">What both processes allocated meanwhile, in bytes; null where that is not known.</param>
internal readonly record struct Round(long Count, TimeSpan Elapsed, long? Allocated)
{
    private const double Thousand = 1e3;
    private const double Million = 1e6;

    /// <summary>One figure of the round; null where it is not known.</summary>
    /// <param name="unit">In what.</param>
    /// <param name="size">Of an operation's payload, in bytes.</param>
    public double? In(FigureUnit unit, int size) => unit switch
    {
        FigureUnit.Microseconds => Elapsed.TotalMicroseconds / Count,
        FigureUnit.Milliseconds => Elapsed.TotalMilliseconds / Count,
        FigureUnit.ThousandsPerSecond => Count / Elapsed.TotalSeconds / Thousand,
        FigureUnit.MegabytesPerSecond => Count * (double)size / Elapsed.TotalSeconds / Million,
        FigureUnit.AllocatedBytes => Allocated / (double)Count,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "It is none of the units."),
    };
}
