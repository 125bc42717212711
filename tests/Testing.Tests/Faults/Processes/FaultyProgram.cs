using Plugwire.TestPlugins.Faulty;

namespace Plugwire.Testing.Tests.Faults.Processes;

/// <summary>The plugin that goes wrong when it is told to.</summary>
internal static class FaultyProgram
{
    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public static PluginBinary Binary { get; } = PluginBinary.FromPath(Path.Combine("..", "..", "FaultyPlugin", Configuration, "FaultyPlugin"));

    public static Task<PluginHarness> StartAsync(ProcessFault? fault = null, Action<PluginHarnessOptions>? configure = null) => PluginHarness.StartAsync(
        Binary,
        options =>
        {
            options.WriteToTestOutput();
            foreach (var argument in fault?.Arguments ?? [])
                options.Host.Arguments.Add(argument);
            configure?.Invoke(options);
        },
        TestContext.Current.CancellationToken).Within();
}
