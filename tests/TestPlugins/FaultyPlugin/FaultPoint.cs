using System.Globalization;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>When a plugin goes wrong: what <c>--at</c> says. The same file is part of the plugin and of the tests that start it.</summary>
internal readonly record struct FaultPoint(string Name, int Number = 0)
{
    /// <summary>While the plugin is put together: it does not listen yet.</summary>
    public static FaultPoint BeforeHandshake { get; } = new("before-handshake");

    /// <summary>It listens, and half of its handshake is written.</summary>
    public static FaultPoint DuringHandshake { get; } = new("during-handshake");

    /// <summary>The handshake is written; the host may be connecting.</summary>
    public static FaultPoint AfterHandshake { get; } = new("after-handshake");

    /// <summary>The host has asked it to end, or it has been told otherwise: its calls still run.</summary>
    public static FaultPoint Shutdown { get; } = new("shutdown");

    /// <summary>When the handler of the n-th call begins; the host's own questions do not count.</summary>
    public static FaultPoint Call(int number) => new("call", number);

    /// <summary>When the n-th message of streams has been read by its handler, or has been taken to be sent: of all streams together.</summary>
    public static FaultPoint Message(int number) => new("message", number);

    public static FaultPoint Parse(string text) =>
        text.Split(':', 2) is [var name, var number] ? new FaultPoint(name, int.Parse(number, CultureInfo.InvariantCulture)) : new FaultPoint(text);

    public override string ToString() => Number == 0 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}:{Number}");
}
