namespace Plugwire.Testing.Probes.Metering;

/// <summary>A writer at one moment.</summary>
/// <param name="Messages">How many messages it has got rid of.</param>
/// <param name="Bytes">Their bytes on the wire.</param>
/// <param name="IsHeldUp">Whether it waits for somebody to take one more.</param>
/// <param name="Over">Why it will write no more, as a sentence; null while it may.</param>
internal readonly record struct WriterState(long Messages, long Bytes, bool IsHeldUp, string? Over);
