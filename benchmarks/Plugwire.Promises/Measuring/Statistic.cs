namespace Plugwire.Promises.Measuring;

/// <summary>How samples become the figure that is compared with the target.</summary>
internal enum Statistic
{
    /// <summary>The largest sample.</summary>
    Worst,

    /// <summary>Of a hundred samples 99 are no larger; of fewer than a hundred, it is the largest.</summary>
    Percentile99,

    /// <summary>All samples together: of things that must not be.</summary>
    Sum,
}
