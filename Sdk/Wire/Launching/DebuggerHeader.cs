namespace Plugwire.Wire.Launching;

/// <summary>A plugin's answer to the question for its health has this header while a debugger is attached to it, so that nobody ends it for standing still.</summary>
internal static class DebuggerHeader
{
    public const string Name = "plugwire-debugger";

    public const string Attached = "attached";
}
