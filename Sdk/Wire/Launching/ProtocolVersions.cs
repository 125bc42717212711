using System.Globalization;

namespace Plugwire.Wire.Launching;

/// <summary>How host and plugin agree on a protocol version of the application.</summary>
internal static class ProtocolVersions
{
    /// <summary>The list as the variable carries it.</summary>
    public static string Format(IEnumerable<int> versions) =>
        string.Join(',', versions.Select(version => version.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Reads the host's list. What is no number lands in <paramref name="unreadable"/>, to be told and skipped.</summary>
    public static IReadOnlyList<int> Parse(string? list, out IReadOnlyList<string> unreadable)
    {
        var versions = new List<int>();
        var rest = new List<string>();
        foreach (var item in (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                versions.Add(version);
            else
                rest.Add(item);
        }

        unreadable = rest;
        return versions;
    }

    /// <summary>
    /// The highest version that both have. Without one, the plugin's lowest: the plugin serves it all the same, and it is
    /// the host that refuses, because only the host can tell its user.
    /// </summary>
    public static int Choose(IReadOnlyCollection<int> host, IReadOnlyCollection<int> plugin)
    {
        if (plugin.Count == 0)
            throw new ArgumentException("A plugin has at least one protocol version.", nameof(plugin));

        var common = plugin.Where(host.Contains).ToArray();
        return common.Length > 0 ? common.Max() : plugin.Min();
    }
}
