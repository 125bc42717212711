using System.Globalization;

namespace Plugwire.Promises.Measuring;

/// <summary>One figure of a promise: what it is called, its target, and the samples that the runs have given it. Safe for use by several threads.</summary>
internal sealed class Figure
{
    private readonly Lock _lock = new();
    private readonly List<double> _samples = [];
    private string? _worstBecause;
    private double _worst = double.NegativeInfinity;

    private Figure(string name, string unit, Statistic statistic, double bound)
    {
        Name = name;
        Unit = unit;
        Statistic = statistic;
        Bound = bound;
    }

    public string Name { get; }

    /// <summary>Empty for a number of things.</summary>
    public string Unit { get; }

    public Statistic Statistic { get; }

    /// <summary>The target: the figure is to be no larger.</summary>
    public double Bound { get; }

    /// <summary>Why it is known to miss its target; null when it should keep it.</summary>
    public string? KnownMiss { get; init; }

    /// <summary>What should be said beside the figure in any case; null for nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>Whether another load of the machine shows in it.</summary>
    public bool IsOfTime { get; private init; }

    /// <summary>In the order of the runs.</summary>
    public IReadOnlyList<double> Samples
    {
        get
        {
            lock (_lock)
                return [.. _samples];
        }
    }

    /// <summary>What its worst sample has to say for itself; null for nothing.</summary>
    public string? WorstBecause
    {
        get
        {
            lock (_lock)
                return _worstBecause;
        }
    }

    /// <summary>Something that must not be, counted.</summary>
    public static Figure None(string name, string? remark = null, string? knownMiss = null) =>
        new(name, "", Statistic.Sum, bound: 0) { Remark = remark, KnownMiss = knownMiss };

    /// <summary>A number that stays below a bound.</summary>
    public static Figure AtMost(string name, string unit, double bound, string? remark = null, string? knownMiss = null) =>
        new(name, unit, Statistic.Worst, bound) { Remark = remark, KnownMiss = knownMiss };

    /// <summary>A time of which the worst counts.</summary>
    public static Figure Time(string name, double milliseconds, string? remark = null, string? knownMiss = null) =>
        new(name, "ms", Statistic.Worst, milliseconds) { IsOfTime = true, Remark = remark, KnownMiss = knownMiss };

    /// <summary>A time of which one in a hundred may be longer.</summary>
    public static Figure UsualTime(string name, double milliseconds, string? remark = null, string? knownMiss = null) =>
        new(name, "ms", Statistic.Percentile99, milliseconds) { IsOfTime = true, Remark = remark, KnownMiss = knownMiss };

    /// <summary>A ratio or a share of times.</summary>
    public static Figure Ratio(string name, string unit, double bound, string? remark = null, string? knownMiss = null) =>
        new(name, unit, Statistic.Worst, bound) { IsOfTime = true, Remark = remark, KnownMiss = knownMiss };

    /// <param name="sample">In the unit of the figure.</param>
    /// <param name="because">What is to be known of it, should it be the worst.</param>
    public void Add(double sample, string? because = null)
    {
        lock (_lock)
        {
            _samples.Add(sample);
            if (sample > _worst)
                (_worst, _worstBecause) = (sample, because);
        }
    }

    public void Add(TimeSpan sample, string? because = null) => Add(sample.TotalMilliseconds, because);

    /// <summary>Adds what must not be.</summary>
    /// <param name="found">Each with a clause for people.</param>
    public void AddEach(IReadOnlyCollection<string> found) => Add(found.Count, found.Count == 0 ? null : string.Join("; ", found.Take(3)));

    /// <summary>What is compared with the target; null without a sample.</summary>
    public double? Value()
    {
        double[] sorted = [.. Samples.Order()];
        return sorted.Length == 0 ? null : Statistic switch
        {
            Statistic.Sum => sorted.Sum(),
            Statistic.Percentile99 => sorted[(int)Math.Ceiling(0.99 * sorted.Length) - 1],
            _ => sorted[^1],
        };
    }

    /// <summary>The target in words.</summary>
    public string Target => Statistic switch
    {
        Statistic.Sum => Bound.ToString(CultureInfo.InvariantCulture),
        Statistic.Percentile99 => string.Create(CultureInfo.InvariantCulture, $"p99 ≤ {Bound} {Unit}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"≤ {Bound} {Unit}").TrimEnd(),
    };
}
