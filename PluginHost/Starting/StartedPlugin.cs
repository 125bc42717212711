using System.Collections.Frozen;
using Plugwire.Hosting.Supervising;

namespace Plugwire.Hosting.Starting;

/// <summary>What a start hands over: from here on somebody else owns the plugin.</summary>
internal sealed record StartedPlugin(LaunchedPlugin Plugin, int ProtocolVersion, FrozenSet<string> Capabilities);
