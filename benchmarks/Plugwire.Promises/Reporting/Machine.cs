using System.Globalization;
using System.Runtime.InteropServices;

namespace Plugwire.Promises.Reporting;

/// <summary>Where it was measured, and how busy that was.</summary>
/// <param name="Processors">That this process may use.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The .NET of host and plugins.</param>
/// <param name="LoadAverageBefore">Of the last minute before the run.</param>
/// <param name="LoadAverageAfter">Of the last minute of the run.</param>
internal sealed record Machine(int Processors, string System, string Runtime, double LoadAverageBefore, double LoadAverageAfter)
{
    public static Machine Look() => new(Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, ReadLoad(), ReadLoad());

    public Machine LookAgain() => this with { LoadAverageAfter = ReadLoad() };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{System}, {Processors} processors, {Runtime}, load average {LoadAverageBefore} before, {LoadAverageAfter} after");

    private static double ReadLoad() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
