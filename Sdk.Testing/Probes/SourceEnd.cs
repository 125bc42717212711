namespace Plugwire.Testing.Probes;

/// <summary>How a source ends: well where there is no failure.</summary>
internal sealed record SourceEnd(Exception? Failure);
