using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.Testing;

namespace Plugwire.EndToEnd.Tests;

/// <summary>A test that starts real plugins. When it has ended, nothing of them may be left.</summary>
public abstract class PluginTest : IAsyncDisposable
{
    protected LaunchRoot Root { get; } = new();

    protected RecordedLogs Log { get; } = new();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Root.Remove();
        Log.Dispose();
        return ValueTask.CompletedTask;
    }

    protected PluginOptions Faulty(params string[] arguments) => Options(TestPrograms.Faulty, arguments);

    /// <summary>What the line of shell does in place of a plugin.</summary>
    protected PluginOptions Shell(string script) => Options("/bin/sh", "-c", script);

    /// <summary>Budgets that no busy machine exceeds: a test of a budget sets its own. A plugin that ends has ended, and nobody asks for its health, unless the test is about that.</summary>
    protected PluginOptions Options(string fileName, params string[] arguments) => new(fileName, arguments)
    {
        Name = "subject",
        LaunchDirectoryRoot = Root.Path,
        LoggerFactory = Log,
        StartTimeout = TimeSpan.FromSeconds(90),
        ConnectTimeout = TimeSpan.FromSeconds(60),
        DrainTimeout = TimeSpan.FromSeconds(30),
        TerminateTimeout = TimeSpan.FromSeconds(30),
        KillTimeout = TimeSpan.FromSeconds(30),
        Restart = { Policy = PluginRestartPolicy.Never },
        Health = { Interval = Timeout.InfiniteTimeSpan },
    };

    protected static Task<Plugin> StartAsync(PluginOptions options) => Plugin.StartAsync(options, TestContext.Current.CancellationToken).Within();

    protected static Task<PluginStartException> RefusedAsync(PluginOptions options) =>
        Assert.ThrowsAnyAsync<PluginStartException>(async () =>
        {
            await using var plugin = await StartAsync(options);
        });
}
