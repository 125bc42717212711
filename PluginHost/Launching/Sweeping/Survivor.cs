namespace Plugwire.Hosting.Launching.Sweeping;

/// <summary>A process that a sweep could not end.</summary>
internal readonly record struct Survivor(int ProcessId, string Name);
