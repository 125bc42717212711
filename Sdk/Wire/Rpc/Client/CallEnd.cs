namespace Plugwire.Wire.Rpc.Client;

/// <summary>What ended a call that failed.</summary>
internal enum CallEnd : byte
{
    /// <summary>The server: by a status, by a reset, or by an answer that is none of gRPC.</summary>
    Server,

    /// <summary>The server, because it stops: it had taken its leave, and took the call no more or waited for it no longer.</summary>
    ServerStops,

    /// <summary>The caller, who cancelled or disposed it.</summary>
    Caller,

    /// <summary>Its deadline, on either side's clock.</summary>
    Deadline,

    /// <summary>The connection, which was over, or took no more calls.</summary>
    Connection,

    /// <summary>This side: a limit of it, or a message or metadata that could not be written or read.</summary>
    ThisSide,
}
