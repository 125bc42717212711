namespace Plugwire.Architecture.Tests.Folders;

/// <summary>
/// The folders of a project form no cycle, its root among them: what stands there is what the application meets, it knows the
/// steps, and no step knows it back.
/// </summary>
internal static class FolderCycles
{
    public static IEnumerable<string> Violations(IEnumerable<FolderEdge> edges)
    {
        var next = edges.GroupBy(edge => edge.From)
            .ToDictionary(group => group.Key, group => group.DistinctBy(edge => edge.To).ToArray());
        var told = new HashSet<string>();
        foreach (var folder in next.Keys.Order(StringComparer.Ordinal))
        {
            if (told.Contains(folder) || ShortestWayBack(folder, next) is not { } cycle)
                continue;

            told.UnionWith(cycle.Select(edge => edge.From));
            yield return "Folders in a cycle:\n  " + string.Join("\n  ", cycle);
        }
    }

    private static List<FolderEdge>? ShortestWayBack(string start, Dictionary<string, FolderEdge[]> next)
    {
        var reachedBy = new Dictionary<string, FolderEdge>();
        var queue = new Queue<string>([start]);
        while (queue.TryDequeue(out var folder))
        {
            foreach (var edge in next.GetValueOrDefault(folder, []))
            {
                if (!reachedBy.TryAdd(edge.To, edge))
                    continue;
                if (edge.To == start)
                    return WayTo(start, reachedBy);

                queue.Enqueue(edge.To);
            }
        }

        return null;
    }

    private static List<FolderEdge> WayTo(string start, Dictionary<string, FolderEdge> reachedBy)
    {
        var way = new List<FolderEdge>();
        for (var edge = reachedBy[start]; ; edge = reachedBy[edge.From])
        {
            way.Insert(0, edge);
            if (edge.From == start)
                return way;
        }
    }
}
