namespace Plugwire.Architecture.Tests.Folders;

/// <summary>One place where a file in one folder names a type that another folder declares.</summary>
/// <param name="From">The folder below the project; empty for its root.</param>
/// <param name="To">The same, of the type.</param>
/// <param name="Place">File and line.</param>
/// <param name="TypeName">What is named there.</param>
internal sealed record FolderEdge(string From, string To, string Place, string TypeName)
{
    public override string ToString() => $"{Name(From)} -> {Name(To)} ({TypeName} at {Place})";

    private static string Name(string folder) => folder.Length == 0 ? "(root)" : folder;
}
