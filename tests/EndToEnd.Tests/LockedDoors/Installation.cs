using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;

namespace Plugwire.EndToEnd.Tests.LockedDoors;

/// <summary>A plugin that was installed into a directory of a test's own, which may be damaged, replaced and removed.</summary>
internal sealed class Installation : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("e2e-installed-");

    public string Path => _directory.FullName;

    public string Faulty => PathOf("FaultyPlugin");

    /// <summary>The files as they are at present.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories);

    public static Installation OfFaulty()
    {
        var installation = new Installation();
        var source = System.IO.Path.GetDirectoryName(TestPrograms.Faulty)!;
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = installation.PathOf(System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return installation;
    }

    public static Installation OfFile(string name, string text)
    {
        var installation = new Installation();
        File.WriteAllText(installation.PathOf(name), text);
        File.SetUnixFileMode(installation.PathOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return installation;
    }

    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    public Task<PluginManifest> ListAsync() => PluginManifest.CreateAsync(Path, TestContext.Current.CancellationToken).Within();

    /// <summary>Every file is written over where it is, as a careless upgrade does.</summary>
    public void WriteOver()
    {
        foreach (var file in Files)
            File.WriteAllText(file, "This is the new version.");
    }

    public void Remove() => _directory.Delete(recursive: true);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Remove();
    }
}
