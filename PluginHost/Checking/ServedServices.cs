namespace Plugwire.Hosting.Checking;

/// <summary>What a plugin serves, for who looks for something else in it.</summary>
internal static class ServedServices
{
    private const int Most = 5;
    private const int LongestName = 200;

    private static readonly string[] OnesOfTheLaunch = ["grpc.", "plugin.", "plugwire."];

    /// <summary>A few names, without those that every plugin has. What is no name is not shown: a stranger wrote it.</summary>
    public static string Describe(IReadOnlySet<string> services)
    {
        var names = services.Where(IsShown).Order(StringComparer.Ordinal).Take(Most + 1).ToArray();
        return names.Length == 0
            ? "no such service"
            : $"no such service; there is {string.Join(", ", names.Take(Most))}{(names.Length > Most ? ", …" : "")}";
    }

    private static bool IsShown(string name) =>
        name.Length is > 0 and <= LongestName
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_')
        && !OnesOfTheLaunch.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
