using System.Globalization;

namespace Plugwire.Hosting.Failures;

/// <summary>How a person calls a signal.</summary>
internal static class SignalName
{
    /// <summary>For example <c>SIGKILL (signal 9)</c>; <c>signal 34</c> where there is no name.</summary>
    public static string Of(int signal)
    {
        var name = OperatingSystem.IsMacOS() ? MacName(signal) : LinuxName(signal);
        return name is null
            ? string.Create(CultureInfo.InvariantCulture, $"signal {signal}")
            : string.Create(CultureInfo.InvariantCulture, $"{name} (signal {signal})");
    }

    private static string? CommonName(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        26 => "SIGVTALRM",
        27 => "SIGPROF",
        _ => null,
    };

    private static string? LinuxName(int signal) => signal switch
    {
        7 => "SIGBUS",
        10 => "SIGUSR1",
        12 => "SIGUSR2",
        16 => "SIGSTKFLT",
        29 => "SIGIO",
        30 => "SIGPWR",
        31 => "SIGSYS",
        _ => CommonName(signal),
    };

    private static string? MacName(int signal) => signal switch
    {
        7 => "SIGEMT",
        10 => "SIGBUS",
        12 => "SIGSYS",
        30 => "SIGUSR1",
        31 => "SIGUSR2",
        _ => CommonName(signal),
    };
}
