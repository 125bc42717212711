namespace Plugwire.Testing.Faults.Wire;

/// <summary>What ends one direction of a connection.</summary>
internal enum WireEndKind
{
    /// <summary>Its sender has closed the connection, or the connection broke there.</summary>
    Source,

    /// <summary>Its receiver takes no more.</summary>
    Target,

    /// <summary>A test has cut it.</summary>
    Cut,

    /// <summary>The other direction has ended, and this one with it.</summary>
    Given,
}
