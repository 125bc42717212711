namespace Plugwire.Promises.Scaling;

/// <summary>How much is measured.</summary>
internal enum Scale
{
    /// <summary>At most 3 minutes, for every change of the code.</summary>
    Short,

    /// <summary>At most 15 minutes.</summary>
    Medium,

    /// <summary>As many runs as a promise was made with, however long that takes.</summary>
    Overnight,
}
