namespace Plugwire.Logging;

/// <summary>Writes one whole line, its end included, together.</summary>
internal delegate void LineWriter(ReadOnlySpan<byte> line);
