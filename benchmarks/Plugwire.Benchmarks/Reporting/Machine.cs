using System.Globalization;
using System.Runtime.InteropServices;

namespace Plugwire.Benchmarks.Reporting;

/// <summary>Where it was measured, and how busy that was.</summary>
/// <param name="Processors">That this process may use.</param>
/// <param name="System">The operating system.</param>
/// <param name="Architecture">Of the process.</param>
/// <param name="Runtime">The .NET of the driver; the servers run on the same.</param>
/// <param name="LoadAverageBefore">Of the last minute before the run; null where the system does not tell.</param>
/// <param name="LoadAverageAfter">Of the last minute of the run.</param>
internal sealed record Machine(int Processors, string System, string Architecture, string Runtime, double? LoadAverageBefore, double? LoadAverageAfter)
{
    private const string LoadFile = "/proc/loadavg";

    public static Machine Look()
    {
        var load = ReadLoad();
        return new(Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.ProcessArchitecture.ToString(), RuntimeInformation.FrameworkDescription, load, load);
    }

    public Machine LookAgain() => this with { LoadAverageAfter = ReadLoad() };

    private static double? ReadLoad() =>
        File.Exists(LoadFile) ? double.Parse(File.ReadAllText(LoadFile).Split(' ')[0], CultureInfo.InvariantCulture) : null;
}
