namespace Plugwire.Hosting.Launching.Litter;

/// <summary>What came of the attempt to lock a directory.</summary>
internal enum DirectoryLockOutcome
{
    /// <summary>It is the caller's.</summary>
    Taken,

    /// <summary>A living process has it.</summary>
    HeldByAnother,

    /// <summary>There is no such directory any more.</summary>
    Gone,

    /// <summary>The system or the file system has no such locks.</summary>
    NotSupported,
}
