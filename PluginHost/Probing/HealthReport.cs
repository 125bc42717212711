namespace Plugwire.Hosting.Probing;

/// <summary>What the watch over a plugin has found.</summary>
/// <param name="Health">How it is.</param>
/// <param name="Problem">What is the matter, as a sentence; null when nothing is.</param>
/// <param name="MustEnd">Whether it has been so for longer than the options allow.</param>
/// <param name="DeafHandlers">How many of its handlers run on though their calls are over; as of its last answer.</param>
internal sealed record HealthReport(PluginHealth Health, string? Problem, bool MustEnd = false, int DeafHandlers = 0);
