using System.Globalization;
using System.Runtime.Versioning;
using Plugwire.Launching;
using Plugwire.Wire.Launching;

namespace Plugwire.Tests.Launching;

[UnsupportedOSPlatform("windows")]
public sealed class SocketPlacementTests
{
    [Fact]
    public void Placement_WithTheHostsDirectory_LiesInItAndLeavesIt()
    {
        using var directory = new TemporaryDirectory();

        var placement = SocketPlacement.Choose(name => name == LaunchVariables.SocketDirectory ? directory.Path : null);
        File.WriteAllText(placement.Path, "");
        placement.Remove();
        placement.Remove();

        Assert.Equal(directory.Path, Path.GetDirectoryName(placement.Path));
        Assert.False(File.Exists(placement.Path));
        Assert.True(Directory.Exists(directory.Path));
    }

    [Fact]
    public void Placement_WithoutADirectory_HasAFreshOneForItsUserAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are a matter of Unix.");

        var placement = SocketPlacement.Choose(_ => null);
        var directory = Path.GetDirectoryName(placement.Path)!;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        placement.Remove();
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public void Placement_InADirectoryThatIsNotThere_IsRefusedByName()
    {
        var refusal = Assert.Throws<LaunchRefusedException>(
            () => SocketPlacement.Choose(name => name == LaunchVariables.SocketDirectory ? "/nonexistent/sockets" : null));

        Assert.Contains("/nonexistent/sockets", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(LaunchVariables.SocketDirectory, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_ByNumberOrName_IsFound()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /etc/group.");
        var group = File.ReadLines("/etc/group").Select(line => line.Split(':')).First(fields => fields.Length >= 3);

        Assert.Equal(1234u, SocketGroup.Find("1234"));
        Assert.Equal(uint.Parse(group[2], CultureInfo.InvariantCulture), SocketGroup.Find(group[0]));
    }

    [Fact]
    public void Group_ThatIsNone_IsRefusedByName()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Groups are a matter of Unix.");

        var refusal = Assert.Throws<LaunchRefusedException>(() => SocketGroup.Find("no-such-group-here"));

        Assert.Contains("no-such-group-here", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LaunchDirectory_OnlyWhenItIsBeyondDoubt_IsFoundAndRemoved()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Launch directories are a matter of Unix.");
        using var directory = new TemporaryDirectory();
        directory.Write("left.txt", "over");

        Assert.Null(LaunchDirectory.Find(Variables(directory.Path, temporary: "/tmp", home: "/home/me")));
        Assert.Null(LaunchDirectory.Find(Variables(directory.Path, temporary: directory.Path, home: directory.Path)));
        Assert.Null(LaunchDirectory.Find(Variables("relative", temporary: "relative", home: null)));

        LaunchDirectory.Find(Variables(directory.Path, temporary: directory.Path + "/", home: null))!.Remove();
        Assert.False(Directory.Exists(directory.Path));
    }

    [Fact]
    public void LaunchDirectory_OpenToOthers_IsNotRemoved()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Launch directories are a matter of Unix.");
        using var directory = new TemporaryDirectory();
        File.SetUnixFileMode(directory.Path, File.GetUnixFileMode(directory.Path) | UnixFileMode.OtherRead);

        LaunchDirectory.Find(Variables(directory.Path, temporary: directory.Path, home: null))!.Remove();

        Assert.True(Directory.Exists(directory.Path));
    }

    private static Func<string, string?> Variables(string socket, string temporary, string? home) => name => name switch
    {
        LaunchVariables.SocketDirectory => socket,
        "TMPDIR" => temporary,
        "HOME" => home,
        _ => null,
    };
}
