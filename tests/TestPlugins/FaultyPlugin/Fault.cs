using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>The ways in which a process goes wrong.</summary>
internal static partial class Fault
{
    /// <summary>What the argument <c>--do</c> says: see <see cref="ProcessFault"/>.</summary>
    public static void Happen(string action)
    {
        var (name, argument) = action.Split(':', 2) is [var first, var second] ? (first, second) : (action, "");
        switch (name)
        {
            case "hang":
                Hang();
                break;
            case "slow":
                Hang(int.Parse(argument, CultureInfo.InvariantCulture));
                break;
            case "throw":
                throw new InvalidOperationException(argument);
            case "crash":
                ThrowUnhandled(argument);
                Hang();
                break;
            case "exit":
                Environment.Exit(int.Parse(argument, CultureInfo.InvariantCulture));
                break;
            case "signal":
                SignalSelf(int.Parse(argument, CultureInfo.InvariantCulture));
                break;
            case "print":
                StandardOutput.Print(argument);
                break;
            case "flood":
                StandardOutput.Flood(long.Parse(argument, CultureInfo.InvariantCulture));
                break;
            default:
                throw new ArgumentException($"There is no fault '{action}'.", nameof(action));
        }
    }

    public static void Hang(int milliseconds = Timeout.Infinite)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(milliseconds);
    }

    public static void SignalSelf(int signal)
    {
        if (Kill(Environment.ProcessId, signal) != 0)
            throw new IOException("kill(2) failed: " + Marshal.GetLastPInvokeErrorMessage());
    }

    /// <summary>An exception that nobody catches, on a thread of its own: the runtime ends the process.</summary>
    public static void ThrowUnhandled(string message) => new Thread(() => throw new InvalidOperationException(message)).Start();

    /// <summary>A child that lives long and holds all that it inherits.</summary>
    public static int StartChild(bool ownSession)
    {
        string[] command = ownSession ? ["setsid", "sleep", "1000"] : ["sleep", "1000"];
        using var child = Process.Start(new ProcessStartInfo(command[0], command[1..]))!;
        return child.Id;
    }

    /// <summary>Runs a line of shell that starts children of its own, and prints the id of one.</summary>
    public static int RunScript(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true })!;
        return int.Parse(shell.StandardOutput.ReadLine() ?? "", CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
