namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>What never happens, whatever a peer sends, has happened.</summary>
internal sealed class FuzzException(string message) : Exception(message);
