using System.ComponentModel;
using System.Runtime.InteropServices;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Hosting.Launching.Programs;

namespace Plugwire.Hosting.Launching;

/// <summary>
/// Says why a child did not come to life. The error number alone does not: "no such file" is a missing program, a missing interpreter, a missing loader
/// and a missing directory, so the file is looked at.
/// </summary>
internal static class SpawnFailure
{
    private const string FullTable = "Close what the host does not need, or raise its limit (ulimit -n, LimitNOFILE=).";

    public static PluginStartException Explain(ChildStart start, Exception failure, PluginStartAttempt attempt)
    {
        var error = failure switch
        {
            PosixException posix => posix.Error,
            Win32Exception { NativeErrorCode: var code } => OperatingSystem.IsWindows() ? FromWindows(code) : code,
            _ => 0,
        };

        if (start.WorkingDirectory is { } directory && !CanEnter(directory))
            return WorkingDirectoryMissing(directory, attempt, failure);

        return error switch
        {
            Errno.TooManyOpenFiles => Fail(PluginStartReason.TooManyOpenFiles, "the host has no file descriptor left; a plugin takes seven at its start.", FullTable),
            Errno.TooManyOpenFilesInSystem => Fail(PluginStartReason.TooManyOpenFiles, "the system has no file descriptor left.", FullTable),
            Errno.NotFound or Errno.NotDirectory => ExplainMissing(start.FileName, attempt, failure),
            Errno.AccessDenied => ExplainDenied(start.FileName, attempt, failure),
            Errno.BadFormat => ExplainFormat(start.FileName, attempt, failure),
            Errno.TextBusy => Fail(PluginStartReason.NotExecutable, $"'{start.FileName}' is open for writing, and has been for some time.", "Let whoever writes the file finish first."),
            Errno.ListTooLong => Fail(PluginStartReason.InvalidOptions, "arguments and environment together are longer than the system takes.", "Hand large settings over in the settings file instead."),
            Errno.TryAgain => Fail(PluginStartReason.Other, "the user may start no further process or thread.", "Raise the limit (ulimit -u, TasksMax=), or end some."),
            Errno.NoMemory => Fail(PluginStartReason.Other, "the system has not enough memory for another process.", null),
            _ => ProgramFile.TryRefuseAsFile(start.FileName, PluginStartStage.Spawn, attempt, failure)
                ?? Fail(PluginStartReason.Other, $"'{start.FileName}' could not be started: {failure.Message}", null),
        };

        PluginStartException Fail(PluginStartReason reason, string found, string? advice) =>
            attempt.Fail(PluginStartStage.Spawn, reason, found, expected: null, advice, failure);
    }

    public static PluginStartException WorkingDirectoryMissing(string directory, PluginStartAttempt attempt, Exception? innerException)
    {
        var found = Directory.Exists(directory) ? $"the working directory '{directory}' may not be entered."
            : File.Exists(directory) ? $"the working directory '{directory}' is a file."
            : $"the working directory '{directory}' does not exist.";
        return attempt.Fail(
            PluginStartStage.Spawn, PluginStartReason.WorkingDirectoryMissing, found, "a directory in which the plugin can start.",
            "Correct the working directory in the plugin's options, or leave it out.", innerException);
    }

    private static PluginStartException ExplainMissing(string path, PluginStartAttempt attempt, Exception failure)
    {
        if (ProgramFile.TryRefuse(path, PluginStartStage.Spawn, attempt, failure) is { } refusal)
            return refusal;

        var header = TryRead(path);
        return header switch
        {
            { Format: ProgramFormat.Script, Interpreter: { } interpreter } => attempt.Fail(
                PluginStartStage.Spawn, PluginStartReason.RuntimeMissing, $"the script '{path}' is to be run by '{interpreter}', which is not there.",
                advice: $"Install '{interpreter}', or correct the script's first line.", innerException: failure),
            { Format: ProgramFormat.Elf, Interpreter: { } loader } => attempt.Fail(
                PluginStartStage.Spawn, PluginStartReason.RuntimeMissing, $"'{path}' needs the loader '{loader}', which is not there: it was built for another system (another C library).",
                advice: "Use a build of the plugin for this system.", innerException: failure),
            { Format: ProgramFormat.Elf } => WrongArchitecture(path, header, attempt, failure),
            _ => attempt.Fail(PluginStartStage.Spawn, PluginStartReason.RuntimeMissing, $"'{path}' exists, but something that it needs to run does not.", innerException: failure),
        };
    }

    private static PluginStartException ExplainDenied(string path, PluginStartAttempt attempt, Exception failure) =>
        ProgramFile.TryRefuse(path, PluginStartStage.Spawn, attempt, failure)
        ?? attempt.Fail(
            PluginStartStage.Spawn, PluginStartReason.NotExecutable,
            $"'{path}' is marked as executable, but may not be run by this user: a directory above it is closed, its file system is mounted 'noexec', or its interpreter is not executable.",
            innerException: failure);

    private static PluginStartException ExplainFormat(string path, PluginStartAttempt attempt, Exception failure)
    {
        const string Expected = "a program of this system, or a script whose first line is '#!' and its interpreter.";
        var header = TryRead(path);
        return header?.Format switch
        {
            ProgramFormat.Elf when header.Machine != 0 => WrongArchitecture(path, header, attempt, failure),
            ProgramFormat.Windows => Foreign("a program for Windows"),
            ProgramFormat.MachO => Foreign("a program for macOS"),
            ProgramFormat.Empty => Bad("is empty"),
            ProgramFormat.Text => Bad("is a text without a '#!' line"),
            ProgramFormat.Script => Bad("has a '#!' line that names no usable interpreter"),
            _ => Bad("is no program that this system knows"),
        };

        PluginStartException Foreign(string what) => attempt.Fail(
            PluginStartStage.Spawn, PluginStartReason.WrongArchitecture, $"'{path}' is {what}; this is {RuntimeInformation.OSDescription}.", Expected,
            "Use a build of the plugin for this system.", failure);

        PluginStartException Bad(string what) => attempt.Fail(
            PluginStartStage.Spawn, PluginStartReason.BadFormat, $"'{path}' {what}.", Expected,
            "Check that the path names the plugin's program, and that the file is whole.", failure);
    }

    private static PluginStartException WrongArchitecture(string path, ProgramHeader header, PluginStartAttempt attempt, Exception failure)
    {
        var ours = RuntimeInformation.OSArchitecture;
        var ourMachine = ProgramHeader.MachineOf(ours);
        var found = header.Machine == ourMachine
            ? $"'{path}' is a binary for {ours}, as this machine is, but damaged or in a form that the system does not know."
            : $"'{path}' is a binary for {ProgramHeader.NameOfMachine(header.Machine)}; this machine is {ours}.";
        return attempt.Fail(
            PluginStartStage.Spawn, header.Machine == ourMachine ? PluginStartReason.BadFormat : PluginStartReason.WrongArchitecture, found,
            $"a binary for {ours}.", $"Use a build of the plugin for {ours}.", failure);
    }

    private static ProgramHeader? TryRead(string path)
    {
        try
        {
            return ProgramHeader.Read(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool CanEnter(string directory) =>
        Directory.Exists(directory) && (OperatingSystem.IsWindows() || LibC.Access(directory, LibC.MayExecute) == 0);

    // ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_TOO_MANY_OPEN_FILES, ERROR_ACCESS_DENIED, ERROR_BAD_EXE_FORMAT, ERROR_EXE_MACHINE_TYPE_MISMATCH.
    private static int FromWindows(int error) => error switch
    {
        2 or 3 => Errno.NotFound,
        4 => Errno.TooManyOpenFiles,
        5 => Errno.AccessDenied,
        193 or 216 => Errno.BadFormat,
        _ => 0,
    };
}
