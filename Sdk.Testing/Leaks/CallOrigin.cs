using System.Diagnostics;

namespace Plugwire.Testing.Leaks;

/// <summary>Where in a test something was made.</summary>
internal static class CallOrigin
{
    private const int MostFrames = 3;

    private static readonly string[] NotTheTests =
    [
        "System.", "Microsoft.", "Grpc.", "Google.", "Xunit.", "Plugwire.Wire.", "Plugwire.Calling.", "Plugwire.Streaming.", "Plugwire.ContractMethod", "Plugwire.Hosting.",
        "Plugwire.Testing.Leaks.", "Plugwire.Testing.Harness.", "Plugwire.Testing.PluginHarness", "Plugwire.Testing.LeakScope",
        "Plugwire.Testing.Probes.", "Plugwire.Testing.CallProbe", "Plugwire.Testing.CallerCall", "Plugwire.Testing.StreamProbe", "Plugwire.Testing.DuplexProbe",
    ];

    /// <summary>The stack, to be made a text of when it is wanted: most that is made is also ended.</summary>
    public static StackTrace Here() => new(fNeedFileInfo: true);

    /// <summary>The nearest places that are neither ours nor the framework's; the nearest of all where there are none.</summary>
    public static string Describe(StackTrace stack)
    {
        var frames = stack.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var own = frames.Where(frame => !Array.Exists(NotTheTests, prefix => frame.StartsWith("at " + prefix, StringComparison.Ordinal))).ToArray();
        return string.Join(Environment.NewLine, (own.Length > 0 ? own : frames).Take(MostFrames).Select(frame => "      " + frame));
    }
}
