using Xunit;

namespace Plugwire.Testing;

/// <summary>The output of a test of xunit v3, as the kit takes it.</summary>
public static class TestOutput
{
    /// <summary>
    /// Writes lines to the output of the test that runs now, also from threads that do not know of it. What comes when that test has ended is passed over: xunit would end the
    /// run for it.
    /// </summary>
    /// <returns>To be made within the test, for <see cref="PluginHarnessOptions.Output"/> and the like. Safe for use by several threads.</returns>
    /// <exception cref="InvalidOperationException">No test runs now.</exception>
    public static Action<string> OfThisTest()
    {
        var helper = TestContext.Current.TestOutputHelper
            ?? throw new InvalidOperationException("No test runs now, and so there is no output to write to. Ask for it in the test, its constructor or its InitializeAsync.");
        return Of(helper);
    }

    /// <summary>Sends the harness's log to the output of the test that runs now.</summary>
    /// <param name="options">The harness's.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="InvalidOperationException">No test runs now.</exception>
    public static PluginHarnessOptions WriteToTestOutput(this PluginHarnessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Output = OfThisTest();
        return options;
    }

    internal static Action<string> Of(ITestOutputHelper helper) => line =>
    {
        try
        {
            helper.WriteLine(line);
        }
        catch (InvalidOperationException)
        {
            // The test has ended.
        }
    };
}
