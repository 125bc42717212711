namespace Plugwire.Testing;

/// <summary>
/// What a test expected did not hold. Every check of the kit throws it, so that it fails a test in any test framework; the message says what was expected, what
/// was found, and what came before.
/// </summary>
public sealed class ExpectationException : Exception
{
    /// <summary>Creates the failure of a check.</summary>
    /// <param name="message">What was expected and what was found.</param>
    public ExpectationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the failure of a check that another failure has caused.</summary>
    /// <param name="message">What was expected and what was found.</param>
    /// <param name="innerException">What caused it; null for nothing.</param>
    public ExpectationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
