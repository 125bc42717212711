using Plugwire.Promises.Scaling;

namespace Plugwire.Promises;

/// <summary>What the command line asks for.</summary>
/// <param name="Scale">How many runs each promise has.</param>
/// <param name="Filter">Ids of promises, or parts of their names; empty for all.</param>
/// <param name="Slack">By what factor a time may exceed its target before that counts as a failure of the command.</param>
/// <param name="Output">The file that the report goes to, as JSON; null for none.</param>
internal sealed record PromiseOptions(Scale Scale, IReadOnlyList<string> Filter, double Slack, string? Output);
