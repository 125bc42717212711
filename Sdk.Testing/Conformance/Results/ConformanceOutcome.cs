namespace Plugwire.Testing;

/// <summary>What became of a case.</summary>
public enum ConformanceOutcome
{
    /// <summary>The requirement is met.</summary>
    Pass,

    /// <summary>It is not; the result's detail says what was found.</summary>
    Fail,

    /// <summary>Nothing can be said: the subject does not have what the case is about, or the system does not show it. The detail says which.</summary>
    Skip,

    /// <summary>The machinery of the run has failed, through no fault of the subject that is known: there is no such program, a directory could not be made.</summary>
    HarnessError,
}
