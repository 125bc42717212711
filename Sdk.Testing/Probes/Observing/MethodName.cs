namespace Plugwire.Testing.Probes.Observing;

/// <summary>A method by the names that a test has for it.</summary>
internal static class MethodName
{
    private const string AsyncSuffix = "Async";

    /// <param name="path">Such as <c>/examples.inspection.v1.Inspector/Inspect</c>.</param>
    /// <param name="name">The whole of it, or its end from a dot or slash on; the contract's name of it as well.</param>
    public static bool Matches(string path, string name) =>
        IsEnd(path, name) || (name.EndsWith(AsyncSuffix, StringComparison.Ordinal) && IsEnd(path, name[..^AsyncSuffix.Length]));

    private static bool IsEnd(string path, string name) =>
        path.EndsWith(name, StringComparison.Ordinal) && (path.Length == name.Length || name is ['/', ..] || path[path.Length - name.Length - 1] is '/' or '.');
}
