using Plugwire.Hosting.Integrity;
using Plugwire.Hosting.Tests.Launching;

namespace Plugwire.Hosting.Tests.Integrity;

/// <summary>A plugin's directory with a few files, and the place where copies of it are made.</summary>
internal sealed class InstalledPlugin : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("pwt");

    public InstalledPlugin()
    {
        _home.CreateSubdirectory("copies");
        Write("plugin", "#!/bin/sh\necho the listed one\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PathOf("plugin"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        Write("library.dll", new string('x', 200_000));
        Write("empty", "");
        Write("de/library.resources.dll", "Hallo");
        Write("de/deep/er/ä b.txt", "Tief");
    }

    public string Home => Path.Combine(_home.FullName, "installed");

    public string Copies => Path.Combine(_home.FullName, "copies");

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public string PathOf(string file) => Path.Combine(Home, file);

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
    }

    public Task<PluginManifest> ListAsync() => PluginManifest.CreateAsync(Home, Token).WaitAsync(Shell.Limit, Token);

    public string Copy(PluginManifest? manifest, CancellationToken cancellationToken = default) =>
        PrivateCopy.Make(Home, Copies, manifest, new IntegrityCheck(Shell.Attempt()), cancellationToken);

    public PluginIntegrityException Refuse(PluginManifest manifest)
    {
        var refusal = Assert.Throws<PluginIntegrityException>(() => Copy(manifest));
        Assert.Equal((PluginStartStage.Copy, PluginStartReason.IntegrityViolation), (refusal.Stage, refusal.Reason));
        return refusal;
    }

    public void Dispose() => _home.Delete(recursive: true);
}
