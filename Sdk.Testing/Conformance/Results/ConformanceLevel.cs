namespace Plugwire.Testing;

/// <summary>How much hangs on a requirement.</summary>
public enum ConformanceLevel
{
    /// <summary>Without it a peer breaks, or loses calls. A failure fails the run.</summary>
    Must,

    /// <summary>Without it peers get along, but somebody is worse off. A failure is reported and does not fail the run.</summary>
    Should,
}
