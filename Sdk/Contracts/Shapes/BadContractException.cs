namespace Plugwire.Shapes;

/// <summary>A description of a contract that means nothing. The message is the second half of a sentence that begins with whose description it is.</summary>
internal sealed class BadContractException(string message, Exception? innerException = null) : Exception(message, innerException);
