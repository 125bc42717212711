namespace Plugwire.Testing.Faults.Handshakes;

/// <summary>What a program does when it has printed what it prints.</summary>
internal enum HandshakeEnding
{
    /// <summary>It lives, and does nothing more.</summary>
    Stay,

    /// <summary>It lives, and closes its standard output.</summary>
    CloseOutput,

    /// <summary>It ends.</summary>
    Exit,

    /// <summary>It prints line after line.</summary>
    Flood,
}
