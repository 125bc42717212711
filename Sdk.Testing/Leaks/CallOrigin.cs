using System.Diagnostics;

namespace Plugwire.Testing.Leaks;

/// <summary>Where in a test something was made.</summary>
internal static class CallOrigin
{
    private const int MostFrames = 3;

    private static readonly string[] NotTheTests =
    [
        "System.", "Microsoft.", "Grpc.", "Google.Protobuf", "xunit.", "Plugwire.Wire", "Plugwire.Contracts", "Plugwire.Sdk", "Plugwire.Sdk.AspNetCore", "Plugwire.PluginHost",
        "Plugwire.PluginHost.InProcess", "Plugwire.Sdk.Testing", "Plugwire.Sdk.Testing.Xunit",
    ];

    /// <summary>The stack, to be made a text of when it is wanted: most that is made is also ended.</summary>
    /// <param name="withLines">Whether it is to know files and lines, which have to be looked up at once.</param>
    public static StackTrace Here(bool withLines = true) => new(fNeedFileInfo: withLines);

    /// <summary>The nearest places that are neither ours nor the framework's; the nearest of all where there are none.</summary>
    public static string Describe(StackTrace stack)
    {
        var frames = stack.GetFrames();
        var own = frames.Where(IsTheTests).ToArray();
        return string.Join(Environment.NewLine, (own.Length > 0 ? own : frames).Take(MostFrames).Select(frame => "      " + new StackTrace(frame).ToString().Trim()));
    }

    // A name that ends with a dot is the beginning of names.
    private static bool IsTheTests(StackFrame frame) =>
        DiagnosticMethodInfo.Create(frame)?.DeclaringAssemblyName is { } full
        && full.Split(',', 2)[0] is var assembly
        && !Array.Exists(NotTheTests, name => name.EndsWith('.') ? assembly.StartsWith(name, StringComparison.Ordinal) : assembly == name);
}
