namespace Plugwire.TestPlugins.Faulty;

/// <summary>Files that are open for nothing but to leave no descriptor to others.</summary>
internal static class TakenDescriptors
{
    private static readonly Stack<FileStream> Files = new();

    public static int Take()
    {
        FillPool();
        try
        {
            while (true)
                Files.Push(new FileStream("/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        }
        catch (IOException)
        {
            return Files.Count;
        }
    }

    // .NET needs a descriptor to start a thread, and ends when it cannot start one: what the pool may want it has before.
    private static void FillPool()
    {
        var threads = Math.Max(8, Environment.ProcessorCount);
        ThreadPool.SetMinThreads(threads, threads);
        ThreadPool.SetMaxThreads(threads, threads);

        // Not disposed of here: others still look at it when the last has signalled.
        var all = new CountdownEvent(threads - 1);
        for (var thread = 1; thread < threads; thread++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static all =>
                {
                    all.Signal();
                    all.Wait(TimeSpan.FromSeconds(5));
                },
                all, preferLocal: false);
        }

        all.Wait(TimeSpan.FromSeconds(5));
    }

    public static int Release()
    {
        var count = Files.Count;
        while (Files.TryPop(out var file))
            file.Dispose();
        return count;
    }
}
