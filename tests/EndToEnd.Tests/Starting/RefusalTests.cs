using Plugwire.Hosting;

namespace Plugwire.EndToEnd.Tests.Starting;

/// <summary>Programs that cannot be started at all.</summary>
public sealed class RefusalTests : PluginTest
{
    private readonly string _directory = Directory.CreateTempSubdirectory("e2e-refused-").FullName;

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return base.DisposeAsync();
    }

    [Fact]
    [Trait("Fault", "F01")]
    public async Task Program_ThatIsNotThere_IsNotFound() => await AssertRefusedAsync(Path.Combine(_directory, "none"), PluginStartReason.NotFound);

    [Fact]
    [Trait("Fault", "F01")]
    public async Task Program_ThatIsADirectory_IsRefused() => await AssertRefusedAsync(_directory, PluginStartReason.IsDirectory);

    [Fact]
    [Trait("Fault", "F01")]
    public async Task Program_WithoutPermission_IsNotExecutable() =>
        await AssertRefusedAsync(Write("plugin", "#!/bin/sh\n", UnixFileMode.UserRead | UnixFileMode.UserWrite), PluginStartReason.NotExecutable);

    [Fact]
    [Trait("Fault", "F01")]
    public async Task Program_OfText_IsOfABadFormat() =>
        await AssertRefusedAsync(Write("plugin", "no program\n", UnixFileMode.UserRead | UnixFileMode.UserExecute), PluginStartReason.BadFormat);

    [Fact]
    [Trait("Fault", "F02")]
    public async Task Script_WhoseInterpreterIsMissing_SaysSo() =>
        await AssertRefusedAsync(Write("plugin", "#!/no/such/interpreter\n", UnixFileMode.UserRead | UnixFileMode.UserExecute), PluginStartReason.RuntimeMissing);

    [Fact]
    public async Task WorkingDirectory_ThatIsNotThere_IsRefused()
    {
        var options = Faulty();
        options.WorkingDirectory = Path.Combine(_directory, "none");

        var failure = await RefusedAsync(options);

        Assert.Equal(PluginStartReason.WorkingDirectoryMissing, failure.Reason);
        Assert.Contains(options.WorkingDirectory, failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    private async Task AssertRefusedAsync(string path, PluginStartReason reason)
    {
        var failure = await RefusedAsync(Options(path));

        Assert.Equal(reason, failure.Reason);
        Assert.Contains($"'{path}'", failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    private string Write(string name, string text, UnixFileMode mode)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
