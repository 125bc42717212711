namespace Plugwire;

/// <summary>Why a handler's token has fired.</summary>
public enum CallCancellation
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>The caller cancelled the call, or stopped reading its responses.</summary>
    Caller,

    /// <summary>The call's deadline has passed.</summary>
    Deadline,

    /// <summary>This side stops serving, and has no more patience for calls that still run.</summary>
    Stopping,

    /// <summary>The connection is lost, and with it, as a rule, the process that called.</summary>
    ConnectionLost,
}
