namespace Plugwire.Wire.Rpc.Messages;

/// <summary>A message is longer than a limit allows. The text names both.</summary>
internal sealed class MessageLimitException(string message) : Exception(message);
