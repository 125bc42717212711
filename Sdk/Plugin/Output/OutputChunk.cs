namespace Plugwire.Output;

/// <summary>A piece of console output.</summary>
/// <param name="Bytes">The bytes; the receiver owns the array.</param>
/// <param name="End">Where the piece ends in all that was ever written.</param>
internal readonly record struct OutputChunk(byte[] Bytes, long End);
