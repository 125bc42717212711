using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Programs;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching;

public sealed class SpawnFailureTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("spawn-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task StartAsync_NoSuchFile_SaysSo() =>
        await FailsAsync(Path("absent"), PluginStartReason.NotFound, $"there is no file '{Path("absent")}'.");

    [Fact]
    public async Task StartAsync_DanglingLink_NamesItsTarget()
    {
        File.CreateSymbolicLink(Path("link"), "/nowhere/at-all");

        await FailsAsync(Path("link"), PluginStartReason.NotFound, "is a link to '/nowhere/at-all', which is not there.");
    }

    [Fact]
    public async Task StartAsync_Directory_SaysSo() =>
        await FailsAsync(_directory, PluginStartReason.IsDirectory, $"'{_directory}' is a directory.");

    [Fact]
    public async Task StartAsync_FileWithoutExecuteBit_SaysHowToSetIt() =>
        await FailsAsync(Write("plain", "#!/bin/sh\n"u8, executable: false), PluginStartReason.NotExecutable, $"chmod +x '{Path("plain")}'");

    [Fact]
    public async Task StartAsync_TextWithoutInterpreterLine_SaysSo() =>
        await FailsAsync(Write("text", "echo hello\n"u8), PluginStartReason.BadFormat, "is a text without a '#!' line.");

    [Fact]
    public async Task StartAsync_EmptyFile_SaysSo() =>
        await FailsAsync(Write("empty", []), PluginStartReason.BadFormat, "is empty.");

    [Fact]
    public async Task StartAsync_RandomBytes_SaysSo() =>
        await FailsAsync(Write("random", [1, 0, 2, 0, 3]), PluginStartReason.BadFormat, "is no program that this system knows.");

    [Fact]
    public async Task StartAsync_ScriptWithMissingInterpreter_NamesIt() =>
        await FailsAsync(Write("script", "#!/nowhere/ruby -w\nputs 1\n"u8), PluginStartReason.RuntimeMissing, "is to be run by '/nowhere/ruby', which is not there.");

    [Fact]
    public async Task StartAsync_WindowsProgram_SaysSo() =>
        await FailsAsync(Write("a.exe", "MZ\u0090\0\u0003"u8), PluginStartReason.WrongArchitecture, "is a program for Windows;");

    [Fact]
    public async Task StartAsync_MacProgram_SaysSo() =>
        await FailsAsync(Write("mac", [0xCF, 0xFA, 0xED, 0xFE, 0, 0]), PluginStartReason.WrongArchitecture, "is a program for macOS;");

    [Theory]
    [InlineData(243, "RISC-V")]
    [InlineData(22, "s390x")]
    [InlineData(4711, "processor number 4711")]
    [Trait("Fault", "F01")]
    public async Task StartAsync_BinaryForAnotherProcessor_NamesBoth(ushort machine, string name)
    {
        var elf = await File.ReadAllBytesAsync("/bin/sh", TestContext.Current.CancellationToken);
        BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(18), machine);

        await FailsAsync(Write("foreign", elf), PluginStartReason.WrongArchitecture, $"is a binary for {name}; this machine is {RuntimeInformation.OSArchitecture}.");
    }

    [Fact]
    public async Task StartAsync_BinaryForAnotherCLibrary_NamesItsLoader()
    {
        var elf = await File.ReadAllBytesAsync("/bin/sh", TestContext.Current.CancellationToken);
        var loader = ProgramHeader.Parse(elf.AsSpan(0, ProgramHeader.MaxBytes)).Interpreter!;
        var at = elf.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(loader));
        elf[at + 1] = (byte)'X';

        await FailsAsync(Write("musl", elf), PluginStartReason.RuntimeMissing, $"needs the loader '/X{loader[2..]}', which is not there");
    }

    [Fact]
    public async Task StartAsync_WorkingDirectoryMissing_NamesIt() =>
        await FailsAsync(Start("exit") with { WorkingDirectory = Path("gone") }, PluginStartReason.WorkingDirectoryMissing, $"the working directory '{Path("gone")}' does not exist.");

    [Fact]
    public async Task StartAsync_WorkingDirectoryIsAFile_SaysSo() =>
        await FailsAsync(
            Start("exit") with { WorkingDirectory = Write("file", []) }, PluginStartReason.WorkingDirectoryMissing, $"the working directory '{Path("file")}' is a file.");

    [Fact]
    public async Task StartAsync_ArgumentWithNul_IsRefused() =>
        await FailsAsync(Start("exit") with { Arguments = ["fine", "a\0b"] }, PluginStartReason.InvalidOptions, "argument 2 has a NUL character in it.");

    [Fact]
    public async Task StartAsync_ArgumentsTooLong_SaysWhatToDo() =>
        await FailsAsync(
            Start("exit") with { Arguments = ["-c", new string('a', 4 * 1024 * 1024)] }, PluginStartReason.InvalidOptions, "longer than the system takes.");

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(19)]
    [InlineData(63)]
    [InlineData(100)]
    public void Parse_TruncatedBinary_DoesNotThrow(int length)
    {
        var elf = File.ReadAllBytes("/bin/sh").AsSpan(0, length);

        Assert.Equal(length == 0 ? ProgramFormat.Empty : ProgramFormat.Elf, ProgramHeader.Parse(elf).Format);
    }

    [Fact]
    public void Parse_RandomBytesAfterTheMagic_DoesNotThrow()
    {
        var random = new Random(4711);
        for (var i = 0; i < 10_000; i++)
        {
            var elf = new byte[random.Next(6, 256)];
            random.NextBytes(elf);
            "\u007fELF"u8.CopyTo(elf);
            elf[4] = 2;
            elf[5] = 1;
            Assert.Equal(ProgramFormat.Elf, ProgramHeader.Parse(elf).Format);
        }
    }

    private static Task FailsAsync(string path, PluginStartReason reason, string sentence) =>
        FailsAsync(Start("exit") with { FileName = path }, reason, sentence);

    private static async Task FailsAsync(ChildStart start, PluginStartReason reason, string sentence)
    {
        var failure = await Assert.ThrowsAsync<PluginStartException>(() => ChildProcess.StartAsync(start, Attempt()));

        Assert.Equal(PluginStartStage.Spawn, failure.Stage);
        Assert.Equal(reason, failure.Reason);
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }

    private string Path(string name) => System.IO.Path.Combine(_directory, name);

    private string Write(string name, ReadOnlySpan<byte> content, bool executable = true)
    {
        File.WriteAllBytes(Path(name), content);
        if (executable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path(name), (UnixFileMode)0b111_101_101);
        return Path(name);
    }
}
