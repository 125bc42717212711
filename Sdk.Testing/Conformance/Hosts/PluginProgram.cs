using System.Runtime.InteropServices;
using System.Text;
using Plugwire.Hosting;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Testing.Conformance.Roles;

namespace Plugwire.Testing.Conformance.Hosts;

/// <summary>The program that plays the plugins of all cases, and how a host that knows one path alone starts it for a case.</summary>
internal sealed class PluginProgram
{
    private const string CommandName = "plugwire-conformance";

    private readonly PluginCommand _command;

    private PluginProgram(PluginCommand command) => _command = command;

    /// <param name="path">Null for the command where it is installed.</param>
    /// <exception cref="ArgumentException">It is not there.</exception>
    public static PluginProgram Find(string? path)
    {
        var attempt = new PluginStartAttempt(CommandName, TimeProvider.System);
        try
        {
            return new PluginProgram(PluginCommand.Resolve(path ?? InToolDirectory() ?? CommandName, [], Environment.CurrentDirectory, attempt));
        }
        catch (PluginStartException missing)
        {
            throw new ArgumentException(
                $"The program that plays the plugins of the cases is not there: {missing.Message} It is the command {CommandName}: install it by 'dotnet tool install --global Plugwire.Sdk.Testing.Command', or name its path in {nameof(HostConformanceOptions)}.{nameof(HostConformanceOptions.PluginProgram)}.",
                nameof(path), missing);
        }
    }

    /// <summary>Writes a program that plays a role, for the host to start: a script for the shell, which becomes the real one. A host hands on little of its environment, so what that needs stands in it.</summary>
    /// <returns>Its path.</returns>
    public string Write(string directory, IEnumerable<string> words)
    {
        var text = new StringBuilder("#!/bin/sh\n# The plugin of a case of Plugwire's host conformance.\n");
        if (DotnetRoot() is { } root)
            text.Append("export DOTNET_ROOT=").Append(Quoted(root)).Append('\n');

        // No sockets and pipes of the runtime's own beside what the case looks at.
        text.Append("export DOTNET_EnableDiagnostics=0 DOTNET_NOLOGO=1\n").Append("exec");
        foreach (var part in (string[])[_command.FileName, .. _command.Arguments, ReportWords.PlayCommand, directory, .. words, "--"])
            text.Append(' ').Append(Quoted(part));
        var path = Path.Combine(directory, "plugin");
        File.WriteAllText(path, text.Append(" \"$@\"\n").ToString());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static string? InToolDirectory() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "tools", CommandName) is var path && File.Exists(path) ? path : null;

    // Where this process's own runtime is; a self-contained process has none.
    private static string? DotnetRoot() => Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } said ? said
        : new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent?.Parent is { Name: "shared", Parent: { } root } ? root.FullName
        : null;

    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
