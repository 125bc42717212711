using System.Diagnostics.CodeAnalysis;

namespace Plugwire.Testing.Conformance.Revisions;

/// <summary>
/// The requirements of one revision, as its file says them. A revision that has been published does not change: who has passed it has passed it for good. What is new comes with the next.
/// </summary>
internal sealed class RequirementSet
{
    private const string Separator = " | ";

    private readonly Dictionary<string, string> _lines;

    private RequirementSet(string revision, Dictionary<string, string> lines)
    {
        Revision = revision;
        _lines = lines;
    }

    /// <summary>Its name: the year and the month in which it was fixed.</summary>
    public string Revision { get; }

    /// <summary>The ids of the cases that belong to it.</summary>
    public IReadOnlyCollection<string> Ids => _lines.Keys;

    /// <summary>A case as its revision's file has it.</summary>
    public static string Format(ConformanceCase item) => string.Join(Separator, item.Id, item.Level, item.Source, item.Requirement);

    /// <summary>The names of a suite's revisions, the latest last.</summary>
    public static IReadOnlyList<string> Revisions(string suite) =>
    [
        .. typeof(RequirementSet).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix(suite), StringComparison.Ordinal) && name.EndsWith(".txt", StringComparison.Ordinal))
            .Select(name => name[Prefix(suite).Length..^".txt".Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads a revision of a suite.</summary>
    /// <returns>False when there is none of that name.</returns>
    public static bool TryRead(string suite, string revision, [NotNullWhen(true)] out RequirementSet? set)
    {
        using var stream = typeof(RequirementSet).Assembly.GetManifestResourceStream(Prefix(suite) + revision + ".txt");
        if (stream is null)
        {
            set = null;
            return false;
        }

        using var reader = new StreamReader(stream);
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
                lines.Add(line[..line.IndexOf(Separator, StringComparison.Ordinal)], line);
        }

        set = new RequirementSet(revision, lines);
        return true;
    }

    /// <summary>What has changed in the cases since the revision was fixed; a sentence for each, none when all is as it was.</summary>
    public IEnumerable<string> Changes(IEnumerable<ConformanceCase> cases)
    {
        var now = cases.ToDictionary(item => item.Id, Format, StringComparer.Ordinal);
        foreach (var (id, line) in _lines)
        {
            if (!now.TryGetValue(id, out var current))
                yield return $"The case {id} of revision {Revision} is gone.";
            else if (current != line)
                yield return $"The case {id} of revision {Revision} has changed. It was:{Environment.NewLine}  {line}{Environment.NewLine}and is now:{Environment.NewLine}  {current}";
        }
    }

    private static string Prefix(string suite) => $"Plugwire.Conformance.{suite}-";
}
