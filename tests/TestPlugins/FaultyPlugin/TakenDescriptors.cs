namespace Plugwire.TestPlugins.Faulty;

/// <summary>Files that are open for nothing but to leave no descriptor to others.</summary>
internal static class TakenDescriptors
{
    private static readonly Stack<FileStream> Files = new();

    public static int Take()
    {
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

    public static int Release()
    {
        var count = Files.Count;
        while (Files.TryPop(out var file))
            file.Dispose();
        return count;
    }
}
