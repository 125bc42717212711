using System.Collections;
using Plugwire.Hosting.Failures;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Launching;

/// <summary>
/// What a plugin gets of the host's environment. By default only what is named here: variables such as LD_PRELOAD, DOTNET_STARTUP_HOOKS or CORECLR_PROFILER run code in
/// whatever inherits them, and others are secrets of the host.
/// </summary>
internal static class PluginEnvironment
{
    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TZDIR", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "DOTNET_ROOT",

        // Set in images without ICU, where every .NET program that does not see it ends at its start.
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
    };

    private static readonly HashSet<string> AllowedOnWindows = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "PATHEXT", "SystemRoot", "SystemDrive", "windir", "ComSpec", "TEMP", "TMP", "USERPROFILE", "USERNAME", "APPDATA", "LOCALAPPDATA", "ProgramData",
        "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "TZ", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "DOTNET_ROOT", "DOTNET_ROOT(x86)", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
    };

    private static readonly string[] AllowedPrefixes = ["LC_", "DOTNET_ROOT_"];

    private static StringComparer NameComparer => OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The plugin's complete environment. What comes later wins: the host's, the plugin's own variables, those of the launch.</summary>
    /// <param name="inheritAll">True hands the host's whole environment on, but for <c>PLUGIN_*</c> and <c>PLUGWIRE_*</c>, which tell of the host's own launch.</param>
    /// <param name="variables">The plugin's own; a null value takes an inherited one away.</param>
    /// <param name="launchVariables">Those by which plugin and host find each other.</param>
    /// <param name="attempt">Who fails.</param>
    /// <param name="inherited">The host's environment; null for the real one.</param>
    /// <exception cref="PluginStartException">A name or a value cannot stand in an environment.</exception>
    public static IReadOnlyDictionary<string, string> Create(
        bool inheritAll,
        IReadOnlyDictionary<string, string?> variables,
        IReadOnlyDictionary<string, string> launchVariables,
        PluginStartAttempt attempt,
        IEnumerable<KeyValuePair<string, string>>? inherited = null)
    {
        var environment = new Dictionary<string, string>(NameComparer);
        foreach (var (name, value) in inherited ?? HostEnvironment())
        {
            if (IsUsable(name) && !IsOfALaunch(name) && (inheritAll || IsAllowed(name)))
                environment[name] = value;
        }

        foreach (var (name, value) in variables)
        {
            ThrowIfUnusable(name, value, attempt);
            if (value is null)
                environment.Remove(name);
            else
                environment[name] = value;
        }

        foreach (var (name, value) in launchVariables)
        {
            ThrowIfUnusable(name, value, attempt);
            environment[name] = value;
        }

        return environment;
    }

    private static IEnumerable<KeyValuePair<string, string>> HostEnvironment()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            yield return new KeyValuePair<string, string>((string)variable.Key, (string?)variable.Value ?? "");
    }

    private static bool IsOfALaunch(string name) =>
        name.StartsWith(LaunchVariables.GoPluginPrefix, NameComparison) || name.StartsWith(LaunchVariables.PlugwirePrefix, NameComparison);

    private static StringComparison NameComparison => OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private static bool IsAllowed(string name) =>
        (OperatingSystem.IsWindows() ? AllowedOnWindows : Allowed).Contains(name) || AllowedPrefixes.Any(prefix => name.StartsWith(prefix, NameComparison));

    private static bool IsUsable(string name) => name.Length > 0 && !name.Contains('=') && !name.Contains('\0');

    private static void ThrowIfUnusable(string name, string? value, PluginStartAttempt attempt)
    {
        if (IsUsable(name) && value?.Contains('\0') != true)
            return;

        var found = name.Length == 0 ? "an environment variable has an empty name."
            : name.Contains('=') ? $"the environment variable '{name}' has a '=' in its name."
            : $"the environment variable '{name.Replace("\0", "\\0", StringComparison.Ordinal)}' has a NUL character in its name or its value.";
        throw attempt.Fail(
            PluginStartStage.Resolve, PluginStartReason.InvalidOptions, found, "names without '=', names and values without NUL.", "Correct the plugin's environment in its options.");
    }
}
