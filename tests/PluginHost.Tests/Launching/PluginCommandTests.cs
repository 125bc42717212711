using Plugwire.Hosting.Launching;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching;

public sealed class PluginCommandTests : IDisposable
{
    private readonly string _base = Directory.CreateTempSubdirectory("command-").FullName;

    public void Dispose() => Directory.Delete(_base, recursive: true);

    [Fact]
    public void Resolve_RelativePath_IsBelowTheBaseDirectory()
    {
        var program = Write("plugins/todo", "#!/bin/sh\n", executable: true);

        var command = Resolve("plugins/todo", "--fast");

        Assert.Equal(program, command.FileName);
        Assert.Equal(["--fast"], command.Arguments);
    }

    [Fact]
    public void Resolve_BareName_IsLookedForOnThePath()
    {
        Write("first/todo", "", executable: false);
        var program = Write("second/todo", "#!/bin/sh\n", executable: true);

        Assert.Equal(program, Resolve("todo", searchPath: $"relative::{_base}/first:{_base}/second").FileName);
    }

    [Fact]
    public void Resolve_BareNameOnlyInBaseDirectory_SaysHowToWriteIt()
    {
        Write("todo", "#!/bin/sh\n", executable: true);

        var failure = Fails("todo", PluginStartReason.NotFound);

        Assert.Contains("there is no program 'todo' on the search path (PATH=/nowhere)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("write './todo'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_Assembly_IsRunByTheDotnetOfDotnetRoot()
    {
        var assembly = Write("todo.dll", "", executable: false);
        var dotnet = Write("sdk/dotnet", "", executable: true);

        var command = PluginCommand.Resolve("todo.dll", ["a"], _base, Attempt(), name => name == "DOTNET_ROOT" ? _base + "/sdk" : null);

        Assert.Equal(dotnet, command.FileName);
        Assert.Equal([assembly, "a"], command.Arguments);
    }

    [Fact]
    public void Resolve_AssemblyAndNothingSaid_IsRunByTheHostsOwnDotnet()
    {
        Write("todo.dll", "", executable: false);

        var dotnet = Resolve("todo.dll").FileName;

        Assert.EndsWith("/dotnet", dotnet, StringComparison.Ordinal);
        Assert.True(File.Exists(dotnet));
    }

    [Theory]
    [InlineData("todo.py", "python3")]
    [InlineData("todo.js", "node")]
    [InlineData("todo.mjs", "node")]
    public void Resolve_PlainScript_IsRunByItsInterpreter(string name, string interpreter)
    {
        var script = Write(name, "#!/usr/bin/env something\n", executable: false);
        var program = Write("bin/" + interpreter, "", executable: true);

        var command = Resolve(name, "x", searchPath: _base + "/bin");

        Assert.Equal(program, command.FileName);
        Assert.Equal([script, "x"], command.Arguments);
    }

    [Theory]
    [InlineData("todo.py")]
    [InlineData("todo.js")]
    public void Resolve_ExecutableScript_RunsItself(string name)
    {
        var script = Write(name, "#!/usr/bin/env something\n", executable: true);

        Assert.Equal(script, Resolve(name).FileName);
        Assert.Empty(Resolve(name).Arguments);
    }

    [Theory]
    [InlineData("todo.py", "python3")]
    [InlineData("todo.js", "node")]
    public void Resolve_InterpreterMissing_NamesIt(string name, string interpreter)
    {
        Write(name, "", executable: false);

        var failure = Fails(name, PluginStartReason.RuntimeMissing);

        Assert.Contains($"is run by '{interpreter}', and there is no '{interpreter}' on the search path", failure.Message, StringComparison.Ordinal);
        Assert.Contains("What to do: To run it, install ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./absent")]
    [InlineData("absent.dll")]
    [InlineData("absent.py")]
    [InlineData("/nowhere/absent.js")]
    public void Resolve_NoSuchFile_NamesTheFullPath(string name)
    {
        var failure = Fails(name, PluginStartReason.NotFound);

        Assert.Contains($"there is no file '{Path.GetFullPath(name, _base)}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_Directory_SaysSo()
    {
        Directory.CreateDirectory(Path.Combine(_base, "plugin.dll"));

        Assert.Contains("is a directory", Fails("plugin.dll", PluginStartReason.IsDirectory).Message, StringComparison.Ordinal);
        Assert.Contains("is a directory", Fails("./plugin.dll/", PluginStartReason.IsDirectory).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_NotExecutable_SaysSo()
    {
        Write("todo", "", executable: false);

        Assert.Contains("chmod +x", Fails("./todo", PluginStartReason.NotExecutable).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\0b")]
    public void Resolve_NoName_IsRefused(string name) => Fails(name, PluginStartReason.InvalidOptions);

    private PluginCommand Resolve(string fileName, string? argument = null, string searchPath = "/nowhere") =>
        PluginCommand.Resolve(fileName, argument is null ? [] : [argument], _base, Attempt(), name => name == "PATH" ? searchPath : null);

    private PluginStartException Fails(string fileName, PluginStartReason reason)
    {
        var failure = Assert.Throws<PluginStartException>(() => Resolve(fileName));
        Assert.Equal(PluginStartStage.Resolve, failure.Stage);
        Assert.Equal(reason, failure.Reason);
        return failure;
    }

    private string Write(string name, string content, bool executable)
    {
        var path = Path.Combine(_base, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, executable ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100);
        return path;
    }
}
