namespace Examples.Tests;

/// <summary>A fresh directory that is gone afterwards.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("plugwire-examples-").FullName;

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose()
    {
        // By the system's own means: they take away names that are no text, and trees deeper than a path can tell.
        if (OperatingSystem.IsWindows())
            Directory.Delete(Path, recursive: true);
        else
            System.Diagnostics.Process.Start("rm", ["-rf", Path]).WaitForExit(TimeSpan.FromSeconds(60));
    }
}
