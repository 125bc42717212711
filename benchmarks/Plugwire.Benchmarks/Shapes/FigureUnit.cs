namespace Plugwire.Benchmarks.Shapes;

/// <summary>In what a row's figures are.</summary>
internal enum FigureUnit
{
    /// <summary>Of time for one operation; fewer are better.</summary>
    Microseconds,

    /// <summary>The same of longer ones.</summary>
    Milliseconds,

    /// <summary>Operations a second; more are better.</summary>
    ThousandsPerSecond,

    /// <summary>Of payload a second, 10⁶ bytes each; more are better.</summary>
    MegabytesPerSecond,

    /// <summary>Allocated for one operation by both processes together; fewer are better.</summary>
    AllocatedBytes,
}
