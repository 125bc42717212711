namespace Plugwire.Hosting;

/// <summary>How far a host had to go until a plugin ended.</summary>
public enum PluginStopStep
{
    /// <summary>It ended by itself: the host did nothing.</summary>
    None,

    /// <summary>It was asked to end, and did.</summary>
    Shutdown,

    /// <summary>Its standard input was closed and the terminate signal sent.</summary>
    Terminate,

    /// <summary>It was killed, with all that it had started.</summary>
    Kill,
}
