namespace Plugwire.Hosting.Handshaking;

/// <summary>Why a handshake is not accepted.</summary>
internal sealed record HandshakeRefusal(PluginStartReason Reason, string Expected, string Found, string Advice);
