namespace Plugwire.Hosting.Integrity;

/// <summary>Which paths a manifest may have: such as stay below the directory that they are put behind, on every system.</summary>
internal static class ManifestPath
{
    private const int MostCharacters = 4096;

    /// <returns>Null when it may stand in a manifest; else why it may not, as a sentence.</returns>
    public static string? FindMistake(string path)
    {
        if (path.Length is 0 or > MostCharacters)
            return $"a path has 1 to {MostCharacters} characters.";
        if (path.Any(char.IsControl) || path.Contains('\uFFFD', StringComparison.Ordinal))
            return "a path is text without control characters.";

        // The one begins another part on Windows, the other names a drive or a second stream of a file there.
        if (path.Contains('\\', StringComparison.Ordinal) || path.Contains(':', StringComparison.Ordinal))
            return "a path has neither '\\' nor ':'.";
        return path.Split('/').Any(part => part is "" or "." or "..")
            ? "a path is relative, and has neither empty parts nor '.' or '..'."
            : null;
    }
}
