using System.Collections.Frozen;

namespace Plugwire.Callbacks;

/// <summary>What a host has announced: the services that it serves for this plugin, and the token by which its connection is known.</summary>
internal sealed record HostOffer(FrozenSet<string> Services, HostConnectionToken Token);
