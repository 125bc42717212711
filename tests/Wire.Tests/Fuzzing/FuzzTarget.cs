namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>What a case is played to.</summary>
internal enum FuzzTarget
{
    /// <summary>A whole server, which others call as well.</summary>
    Server,

    /// <summary>A whole client, with calls open.</summary>
    Client,

    /// <summary>The decoder of header blocks alone.</summary>
    Hpack,
}
