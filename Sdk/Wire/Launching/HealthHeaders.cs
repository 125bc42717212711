namespace Plugwire.Wire.Launching;

/// <summary>What a plugin's answers to the question for its health say beside it, as response headers. Who does not know them passes over them.</summary>
internal static class HealthHeaders
{
    /// <summary>There while a debugger is attached to the plugin, so that nobody ends it for standing still.</summary>
    public const string Debugger = "plugwire-debugger";

    public const string Attached = "attached";

    /// <summary>How many handlers run on though their calls are over, decimal; not there when none does.</summary>
    public const string DeafHandlers = "plugwire-deaf-handlers";
}
