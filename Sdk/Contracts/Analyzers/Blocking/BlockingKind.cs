namespace Plugwire.Contracts.Analyzers.Blocking;

/// <summary>The ways to wait that keep a thread: each has another way out.</summary>
internal enum BlockingKind
{
    /// <summary>A task's result, by its property or its awaiter.</summary>
    Result,

    /// <summary>A task's Wait.</summary>
    Wait,

    WaitAll,
    WaitAny,
    Sleep,
    Semaphore,
    Process,

    /// <summary>A stream as a sequence that blocks.</summary>
    Enumerate,

    /// <summary>What has no counterpart that can be awaited.</summary>
    Other,
}
