namespace Plugwire.EndToEnd.Tests.Logs;

/// <summary>What is wrong with a log.</summary>
public enum SinkFault
{
    /// <summary>Nothing that is asked of it goes without an exception.</summary>
    Throws,

    /// <summary>An entry is never taken, until the log is disposed of.</summary>
    Blocks,
}
