using System.Globalization;
using Plugwire.Hosting.Tests.Launching;

namespace Plugwire.Hosting.Tests.Starting;

/// <summary>A plugin that is a few lines of shell, and the place where it could leave something behind.</summary>
internal sealed class ScriptPlugin : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("pwt");

    public ScriptPlugin(string script)
    {
        var launches = _home.CreateSubdirectory("l");
        Options = new PluginOptions("/bin/sh", "-c", $"echo $$ > '{PidFile}'\n{script}")
        {
            Name = "bad",
            LaunchDirectoryRoot = launches.FullName,
            StartTimeout = Shell.Limit,
            ConnectTimeout = Shell.Limit,
            Restart = { Policy = PluginRestartPolicy.Never },
            Health = { Interval = Timeout.InfiniteTimeSpan },
        };
    }

    public PluginOptions Options { get; }

    public string Home => _home.FullName;

    private string PidFile => Path.Combine(_home.FullName, "pid");

    /// <summary>Starts it, which must fail; what it leaves behind fails the test.</summary>
    public async Task<PluginStartException> FailToStartAsync()
    {
        var failure = await Assert.ThrowsAsync<PluginStartException>(
            () => Plugin.StartAsync(Options, TestContext.Current.CancellationToken).WaitAsync(Shell.Limit, TestContext.Current.CancellationToken));
        AssertNothingIsLeft();
        Assert.Equal("bad", failure.PluginName);
        return failure;
    }

    public void AssertNothingIsLeft()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(Options.LaunchDirectoryRoot!));
        Assert.False(Shell.IsAlive(ReadProcessId()), "The plugin's process is still alive.");
    }

    public int ReadProcessId() => int.Parse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture);

    public void Dispose() => _home.Delete(recursive: true);
}
