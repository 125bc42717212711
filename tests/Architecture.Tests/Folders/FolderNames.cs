namespace Plugwire.Architecture.Tests.Folders;

/// <summary>A folder says which step or feature it holds: these names hold whatever nobody found a place for.</summary>
internal static class FolderNames
{
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "Util", "Utils", "Utilities", "Common", "Helper", "Helpers", "Internal", "Internals", "Shared", "Misc", "Miscellaneous", "Stuff",
    };

    public static IEnumerable<string> Violations(IEnumerable<string> folders) =>
        folders.Where(folder => Forbidden.Contains(folder[(folder.LastIndexOf('/') + 1)..]))
            .Select(folder => $"{folder}: a folder is named for the one step or feature it holds.");
}
