using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Configuration;

/// <summary>Says everything that is wrong with a plugin's options at once, each with its value.</summary>
internal sealed class PluginOptionsValidator : IValidateOptions<PluginOptions>
{
    // What a timer takes.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMilliseconds(int.MaxValue);

    public ValidateOptionsResult Validate(string? name, PluginOptions options)
    {
        var mistakes = MistakesIn(options);
        return mistakes.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(mistakes.Select(mistake => $"Plugin '{name}': {mistake}"));
    }

    public static IReadOnlyList<string> MistakesIn(PluginOptions options)
    {
        var mistakes = new List<string>();
        CheckProgram(options, mistakes);
        CheckEnvironment(options, mistakes);
        CheckVersions(options, mistakes);
        LockedDoorsCheck.Check(options, mistakes);
        CheckTimeout(mistakes, nameof(options.StartTimeout), options.StartTimeout, mayBeZero: false);
        CheckTimeout(mistakes, nameof(options.ConnectTimeout), options.ConnectTimeout, mayBeZero: false);
        CheckTimeout(mistakes, nameof(options.DrainTimeout), options.DrainTimeout, mayBeZero: true);
        CheckTimeout(mistakes, nameof(options.TerminateTimeout), options.TerminateTimeout, mayBeZero: true);
        CheckTimeout(mistakes, nameof(options.KillTimeout), options.KillTimeout, mayBeZero: false);
        CheckRestart(mistakes, options.Restart);
        CheckHealth(mistakes, options.Health);
        CheckSize(mistakes, nameof(options.MaxReceiveMessageSize), options.MaxReceiveMessageSize);
        CheckSize(mistakes, nameof(options.MaxSendMessageSize), options.MaxSendMessageSize);
        CheckSize(mistakes, nameof(options.MaxMetadataSize), options.MaxMetadataSize);
        if (options.KeepAlivePingDelay != Timeout.InfiniteTimeSpan && (options.KeepAlivePingDelay < TimeSpan.FromSeconds(1) || options.KeepAlivePingDelay > LongestTimeout))
            mistakes.Add(Invariant($"KeepAlivePingDelay is {options.KeepAlivePingDelay}. It is between 1 s and {LongestTimeout}, or infinite for no such pings."));
        if (options.KeepAlivePingTimeout < TimeSpan.FromSeconds(1) || options.KeepAlivePingTimeout > LongestTimeout)
            mistakes.Add(Invariant($"KeepAlivePingTimeout is {options.KeepAlivePingTimeout}. It is between 1 s and {LongestTimeout}."));
        if (options.MaxIdleFramesPerSecond < 1000)
            mistakes.Add(Invariant($"MaxIdleFramesPerSecond is {options.MaxIdleFramesPerSecond}. It is at least 1000, or null for no limit."));

        if (options.MaxLogLinesPerSecond <= 0)
            mistakes.Add(Invariant($"MaxLogLinesPerSecond is {options.MaxLogLinesPerSecond}. It is at least 1, or null for no limit; MinimumLogLevel None is for no log."));
        if (!Enum.IsDefined(options.MinimumLogLevel))
            mistakes.Add(Invariant($"MinimumLogLevel is {(int)options.MinimumLogLevel}, which is none of the log levels (0 to {(int)LogLevel.None})."));
        if (!Enum.IsDefined(options.Startup))
            mistakes.Add(Invariant($"Startup is {(int)options.Startup}, which is none of its values."));
        if (!Enum.IsDefined(options.ContractCheck))
            mistakes.Add(Invariant($"ContractCheck is {(int)options.ContractCheck}, which is none of its values."));
        if (options.TimeProvider is null)
            mistakes.Add("TimeProvider is null. Leave it as it is for the system's clock.");
        if (options.Interceptors.Any(interceptor => interceptor is null))
            mistakes.Add("Interceptors has an entry that is null.");
        if (options.LaunchDirectoryRoot is { } root && !Path.IsPathFullyQualified(root))
            mistakes.Add($"LaunchDirectoryRoot is '{root}'. It is an absolute path, because host and plugin stand in different directories.");
        return mistakes;
    }

    private static void CheckProgram(PluginOptions options, List<string> mistakes)
    {
        if (string.IsNullOrWhiteSpace(options.FileName))
            mistakes.Add("FileName is empty. Set it to the plugin's program.");
        else if (HasZero(options.FileName))
            mistakes.Add($"FileName is '{Show(options.FileName)}'. A path holds no zero character.");
        if (options.WorkingDirectory is "")
            mistakes.Add("WorkingDirectory is empty. Leave it null for the directory of the program.");
        if (HasZero(options.WorkingDirectory))
            mistakes.Add($"WorkingDirectory is '{Show(options.WorkingDirectory!)}'. A path holds no zero character.");
        if (options.Name is not null && (string.IsNullOrWhiteSpace(options.Name) || options.Name.Any(char.IsControl)))
            mistakes.Add($"Name is '{Show(options.Name)}'. A name has at least one visible character and no control characters; null takes the file's name.");

        for (var i = 0; i < options.Arguments.Count; i++)
        {
            if (options.Arguments[i] is null)
                mistakes.Add(Invariant($"Arguments[{i}] is null. An argument may be empty, not null."));
            else if (HasZero(options.Arguments[i]))
                mistakes.Add(Invariant($"Arguments[{i}] is '{Show(options.Arguments[i])}'. An argument holds no zero character."));
        }
    }

    private static void CheckEnvironment(PluginOptions options, List<string> mistakes)
    {
        if (!IsVariable(options.CookieKey))
            mistakes.Add($"CookieKey is '{Show(options.CookieKey)}'. It is the name of an environment variable: not empty, without '='.");
        else if (IsReserved(options.CookieKey) && options.CookieKey != LaunchVariables.DefaultCookieKey)
            mistakes.Add($"CookieKey is '{options.CookieKey}'. Names that begin with PLUGIN_ or PLUGWIRE_ belong to the launch itself.");
        if (string.IsNullOrEmpty(options.CookieValue) || HasZero(options.CookieValue))
            mistakes.Add("CookieValue is empty or holds a zero character. A plugin refuses to start without it.");

        foreach (var (key, value) in options.Environment)
        {
            if (!IsVariable(key))
                mistakes.Add($"Environment has the name '{Show(key)}'. A name is not empty and has no '='.");
            else if (IsReserved(key))
                mistakes.Add($"Environment sets '{key}'. Names that begin with PLUGIN_ or PLUGWIRE_ belong to the launch itself.");
            else if (IsTemporaryDirectory(key))
                mistakes.Add($"Environment sets '{key}', which the launch sets to the plugin's launch directory. Set LaunchDirectoryRoot for a directory elsewhere.");
            else if (key == options.CookieKey)
                mistakes.Add($"Environment sets '{key}', which is the CookieKey. Set CookieValue instead.");
            if (HasZero(value))
                mistakes.Add($"Environment['{Show(key)}'] holds a zero character.");
        }
    }

    private static void CheckVersions(PluginOptions options, List<string> mistakes)
    {
        foreach (var version in options.ProtocolVersions.Where(version => version < 0))
            mistakes.Add(Invariant($"ProtocolVersions has {version}. A version is not negative."));
        foreach (var twice in options.ProtocolVersions.GroupBy(version => version).Where(group => group.Count() > 1))
            mistakes.Add(Invariant($"ProtocolVersions has {twice.Key} more than once."));
    }

    private static void CheckRestart(List<string> mistakes, PluginRestartOptions restart)
    {
        if (!Enum.IsDefined(restart.Policy))
            mistakes.Add(Invariant($"Restart.Policy is {(int)restart.Policy}, which is none of its values."));
        if (restart.MaxRestarts < 0)
            mistakes.Add(Invariant($"Restart.MaxRestarts is {restart.MaxRestarts}. It is not negative; null is for no limit, and the policy Never for no restart."));
        CheckTimeout(mistakes, "Restart.Window", restart.Window, mayBeZero: false);
        CheckTimeout(mistakes, "Restart.FirstDelay", restart.FirstDelay, mayBeZero: true);
        CheckTimeout(mistakes, "Restart.MaxDelay", restart.MaxDelay, mayBeZero: true);
        CheckTimeout(mistakes, "Restart.ForgivenAfter", restart.ForgivenAfter, mayBeZero: false);
        if (restart.MaxDelay < restart.FirstDelay)
            mistakes.Add(Invariant($"Restart.MaxDelay is {restart.MaxDelay}, and Restart.FirstDelay is {restart.FirstDelay}. The longest is not shorter than the first."));
    }

    private static void CheckHealth(List<string> mistakes, PluginHealthOptions health)
    {
        if (health.Interval != Timeout.InfiniteTimeSpan)
            CheckTimeout(mistakes, "Health.Interval", health.Interval, mayBeZero: false);
        CheckTimeout(mistakes, "Health.Timeout", health.Timeout, mayBeZero: false);
        CheckTimeout(mistakes, "Health.BusyTimeout", health.BusyTimeout, mayBeZero: true);
        if (health.NotServingTimeout is { } limit)
            CheckTimeout(mistakes, "Health.NotServingTimeout", limit, mayBeZero: true);
        if (health.MaxDeafHandlers < 0)
            mistakes.Add(Invariant($"Health.MaxDeafHandlers is {health.MaxDeafHandlers}. It is not negative; null is for no limit."));
    }

    private static void CheckTimeout(List<string> mistakes, string name, TimeSpan value, bool mayBeZero)
    {
        if (value < TimeSpan.Zero || (value == TimeSpan.Zero && !mayBeZero))
            mistakes.Add(Invariant($"{name} is {value}. It is {(mayBeZero ? "not negative" : "longer than zero")}: every wait for a plugin ends."));
        else if (value > LongestTimeout)
            mistakes.Add(Invariant($"{name} is {value}. At most {LongestTimeout} is possible."));
    }

    private static void CheckSize(List<string> mistakes, string name, int? value)
    {
        if (value <= 0)
            mistakes.Add(Invariant($"{name} is {value}. It is a number of bytes, at least 1."));
    }

    private static bool IsVariable(string? name) =>
        !string.IsNullOrEmpty(name) && !HasZero(name) && !name.Contains('=', StringComparison.Ordinal);

    private static bool IsReserved(string name) =>
        name.StartsWith(LaunchVariables.GoPluginPrefix, StringComparison.Ordinal)
        || name.StartsWith(LaunchVariables.PlugwirePrefix, StringComparison.Ordinal);

    // The launch's own value comes last, so another would be of no effect.
    private static bool IsTemporaryDirectory(string name) =>
        name == "TMPDIR" || (OperatingSystem.IsWindows() && name.ToUpperInvariant() is "TEMP" or "TMP");

    private static bool HasZero(string? text) => text?.Contains('\0', StringComparison.Ordinal) is true;

    private static string Show(string? text) => text is null ? "null" : Failures.PrintableText.Of(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
