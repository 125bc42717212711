using System.Globalization;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>What a plugin does wrong, and when: the arguments <c>--at=POINT --do=FAULT</c>. The same file is part of the plugin and of the tests that start it.</summary>
/// <param name="Point">When.</param>
/// <param name="Action">What, as <c>--do</c> says it: a name, and behind a colon what it takes.</param>
internal sealed record ProcessFault(FaultPoint Point, string Action)
{
    public string[] Arguments => [$"--at={Point}", $"--do={Action}"];

    /// <summary>An exception that nobody catches: the runtime ends the process by SIGABRT.</summary>
    public static ProcessFault Crash(FaultPoint at, string text) => new(at, "crash:" + text);

    /// <summary>An exception in the plugin's own code, which whoever has called it catches.</summary>
    public static ProcessFault Throw(FaultPoint at, string text) => new(at, "throw:" + text);

    /// <summary>What the plugin does at that point never ends.</summary>
    public static ProcessFault Hang(FaultPoint at) => new(at, "hang");

    /// <summary>What the plugin does at that point takes longer.</summary>
    public static ProcessFault Slow(FaultPoint at, TimeSpan time) => new(at, string.Create(CultureInfo.InvariantCulture, $"slow:{(int)time.TotalMilliseconds}"));

    public static ProcessFault Exit(FaultPoint at, int code) => new(at, string.Create(CultureInfo.InvariantCulture, $"exit:{code}"));

    /// <summary>The process sends itself a signal: 9 kills it, 19 freezes it.</summary>
    public static ProcessFault Signal(FaultPoint at, int number) => new(at, string.Create(CultureInfo.InvariantCulture, $"signal:{number}"));

    /// <summary>A line on the standard output that belongs to the handshake. At the points around it.</summary>
    public static ProcessFault Print(FaultPoint at, string line) => new(at, "print:" + line);

    /// <summary>So many bytes, in lines, on the standard output that belongs to the handshake. At the points around it.</summary>
    public static ProcessFault Flood(FaultPoint at, long bytes) => new(at, string.Create(CultureInfo.InvariantCulture, $"flood:{bytes}"));
}
