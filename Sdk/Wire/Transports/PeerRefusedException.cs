namespace Plugwire.Wire.Transports;

/// <summary>A connection came about, but with somebody with whom this process does not speak. Nothing has been sent.</summary>
internal sealed class PeerRefusedException(string message) : IOException(message);
