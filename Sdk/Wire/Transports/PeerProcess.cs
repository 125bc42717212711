namespace Plugwire.Wire.Transports;

/// <summary>Who holds the other end of a connection, as the operating system tells it: neither can be forged by the peer.</summary>
/// <param name="ProcessId">The process that connected or began to listen; 0 when it lives where this process cannot see it (another pid namespace).</param>
/// <param name="UserId">Its effective user at that time.</param>
internal readonly record struct PeerProcess(int ProcessId, uint UserId);
