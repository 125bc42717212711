namespace Plugwire.Testing.Faults.Wire;

/// <summary>How one direction of a connection has ended.</summary>
/// <param name="Kind">Which it was.</param>
/// <param name="Failure">What broke it; null when nothing did.</param>
internal readonly record struct WireEnd(WireEndKind Kind, Exception? Failure = null);
