namespace Plugwire.Launching;

/// <summary>The plugin cannot start as it was launched or configured. The message is a whole explanation, for a person; no stack is needed.</summary>
internal sealed class LaunchRefusedException : InvalidOperationException
{
    public LaunchRefusedException(string message)
        : base(message)
    {
    }

    public LaunchRefusedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
