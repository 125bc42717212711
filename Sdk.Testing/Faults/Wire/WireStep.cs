namespace Plugwire.Testing.Faults.Wire;

/// <summary>A run of bytes, and what begins with its first and ends with its last.</summary>
internal readonly record struct WireStep(int Length, bool FrameBegins = false, bool FrameEnds = false, bool MessageBegins = false, bool MessageEnds = false);
