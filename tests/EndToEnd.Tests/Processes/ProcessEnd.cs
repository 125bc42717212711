using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.EndToEnd.Tests.Processes;

/// <summary>The end of a process that need not be a child of this one: seen by its descriptor, without asking again and again.</summary>
internal static class ProcessEnd
{
    public static async Task OfAsync(int processId, TimeSpan limit)
    {
        try
        {
            using var process = ProcessDescriptor.Open(processId);
            await PollThread.Shared.Watch(process).Ended.WaitAsync(limit, TestContext.Current.CancellationToken);
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
