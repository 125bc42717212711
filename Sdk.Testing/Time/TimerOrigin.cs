using System.Diagnostics;

namespace Plugwire.Testing.Time;

/// <summary>Where in the code a timer was armed.</summary>
internal static class TimerOrigin
{
    private const int MostFrames = 3;

    private static readonly string[] NotTheirs = ["System.", "Microsoft.", "Plugwire.Testing.Time.", "Plugwire.Testing.ManualClock."];

    /// <summary>Without files and lines, which take time to look up: few are ever asked for.</summary>
    public static StackTrace Here() => new(fNeedFileInfo: false);

    public static string Describe(StackTrace? stack)
    {
        var frames = stack?.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var theirs = frames.Where(frame => !Array.Exists(NotTheirs, prefix => frame.StartsWith("at " + prefix, StringComparison.Ordinal))).ToArray();
        return string.Join($"{Environment.NewLine}    ", (theirs.Length > 0 ? theirs : frames).Take(MostFrames));
    }
}
