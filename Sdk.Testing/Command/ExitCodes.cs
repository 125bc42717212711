namespace Plugwire.Testing.Command;

/// <summary>What the command ends with; documented in its help.</summary>
internal static class ExitCodes
{
    /// <summary>Every requirement that must be met is met.</summary>
    public const int Passed = 0;

    /// <summary>One is not.</summary>
    public const int Failed = 1;

    /// <summary>The command was used wrongly, or its machinery failed: nothing can be said.</summary>
    public const int Unusable = 2;
}
