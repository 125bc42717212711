using System.Text;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Tests.Launching;

/// <summary>Real children for tests, from one line of shell.</summary>
internal static class Shell
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static PluginStartAttempt Attempt() => new("test", TimeProvider.System);

    public static ChildStart Start(string script, string? launchId = null) => new()
    {
        FileName = "/bin/sh",
        Arguments = ["-c", script],
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/bin:/bin",
            [LaunchVariables.LaunchId] = launchId ?? Guid.NewGuid().ToString("N"),
        },
    };

    public static Task<ChildProcess> RunAsync(string script) => ChildProcess.StartAsync(Start(script), Attempt());

    /// <summary>What the child writes, until its end.</summary>
    public static async Task<string> ReadToEndAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>One line that the child writes, without waiting for more.</summary>
    public static async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return Encoding.UTF8.GetString([.. line]);
    }

    /// <summary>Waits for the end of a process that is no child of this one; at once when there is none.</summary>
    public static async Task EndedAsync(int processId)
    {
        try
        {
            using var process = ProcessDescriptor.Open(processId);
            Assert.True(await PollThread.Shared.Watch(process).Ended.WaitAsync(Limit, TestContext.Current.CancellationToken));
        }
        catch (PosixException gone) when (gone.Error == Errno.NoSuchProcess)
        {
        }
    }

    public static bool IsAlive(int processId)
    {
        try
        {
            // The state stands behind the name, which is in parentheses; a zombie is no longer alive.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
