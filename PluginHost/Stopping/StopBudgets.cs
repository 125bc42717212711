namespace Plugwire.Hosting.Stopping;

/// <summary>How long each rung of the ladder may take.</summary>
internal readonly record struct StopBudgets(TimeSpan Drain, TimeSpan Terminate, TimeSpan Kill);
