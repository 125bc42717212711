namespace Plugwire.Promises.Reporting;

/// <summary>What a figure says of its promise.</summary>
internal enum Verdict
{
    /// <summary>The target is kept.</summary>
    Kept,

    /// <summary>It is not, and should be.</summary>
    Missed,

    /// <summary>It is not, by less than the slack that was granted.</summary>
    MissedWithinSlack,

    /// <summary>It is not, for a reason that is known.</summary>
    KnownMiss,

    /// <summary>It cannot be measured here.</summary>
    NotMeasured,

    /// <summary>What it promises does not exist yet.</summary>
    NotBuilt,
}
