using Plugwire.Architecture.Tests.Folders;

namespace Plugwire.Architecture.Tests.Arrows;

/// <summary>Which part of the wire may know which: HTTP/2 knows nothing of gRPC, and a transport nothing of either.</summary>
internal static class WireArrows
{
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Http2"] = [],
        ["Transports"] = [],
        ["Launching"] = [],
        ["Rpc"] = ["Http2", "Transports"],
    };

    public static IEnumerable<string> Violations(IEnumerable<FolderEdge> edges) =>
        from edge in edges
        let @from = Top(edge.From)
        let to = Top(edge.To)
        where @from != to && !MayKnow.GetValueOrDefault(@from, []).Contains(to)
        group edge by (@from, to) into pair
        select $"{(MayKnow.ContainsKey(pair.Key.@from) ? "" : $"Say in {nameof(WireArrows)} what {pair.Key.@from} may know: ")}{pair.First()}";

    private static string Top(string folder) => folder.Split('/')[0];
}
