using System.Globalization;
using Plugwire.Hosting.Launching.Limits;

namespace Plugwire.Hosting.Configuration;

/// <summary>What is wrong with the options that say what a plugin may use up.</summary>
internal static class LockedDoorsCheck
{
    private const int FewestOpenFiles = 32;
    private const long SmallestHeap = 16L * 1024 * 1024;
    private const int HighestOomScore = 1000;

    public static void Check(PluginOptions options, List<string> mistakes)
    {
        mistakes.AddRange(OfLimits(options));
    }

    private static IEnumerable<string> OfLimits(PluginOptions options)
    {
        var limits = options.Limits;
        if (limits.OpenFiles < FewestOpenFiles)
            yield return Invariant($"Limits.OpenFiles is {limits.OpenFiles}. It is at least {FewestOpenFiles}, or null; a .NET plugin has more than 100 open when it has started.");
        if (limits.ManagedHeap < SmallestHeap)
            yield return Invariant($"Limits.ManagedHeap is {limits.ManagedHeap}. It is a number of bytes, at least {SmallestHeap}, or null.");
        if (limits.OomScoreAdjustment is < 0 or > HighestOomScore)
            yield return Invariant($"Limits.OomScoreAdjustment is {limits.OomScoreAdjustment}. It is 0 to {HighestOomScore}: a plugin is not to outlive its host.");
        if (limits.ManagedHeap is not null && options.Environment.ContainsKey(RuntimeVariables.HeapLimit))
            yield return $"Environment sets '{RuntimeVariables.HeapLimit}', which Limits.ManagedHeap sets too. One of them is enough.";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
