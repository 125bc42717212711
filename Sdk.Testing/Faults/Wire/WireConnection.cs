namespace Plugwire.Testing;

/// <summary>The faults of one connection between a host and its plugin; each direction has its own. Safe for use by several threads.</summary>
public sealed class WireConnection
{
    internal WireConnection(int seed)
    {
        ToPlugin = new WireDirection(seed);
        ToHost = new WireDirection(seed + 1);
    }

    /// <summary>What the host sends.</summary>
    public WireDirection ToPlugin { get; }

    /// <summary>What the plugin sends.</summary>
    public WireDirection ToHost { get; }

    /// <inheritdoc cref="WireDirection.SliceIntoBytes"/>
    public void SliceIntoBytes()
    {
        ToPlugin.SliceIntoBytes();
        ToHost.SliceIntoBytes();
    }

    /// <inheritdoc cref="WireDirection.Delay"/>
    public void Delay(TimeSpan shortest, TimeSpan longest)
    {
        ToPlugin.Delay(shortest, longest);
        ToHost.Delay(shortest, longest);
    }

    /// <summary>Cuts the connection now, in both directions.</summary>
    public void Cut() => ToHost.CutAfterBytes(0);

    /// <inheritdoc cref="WireDirection.BlackHole"/>
    public void BlackHole()
    {
        ToPlugin.BlackHole();
        ToHost.BlackHole();
    }

    /// <inheritdoc cref="WireDirection.Heal"/>
    public void Heal()
    {
        ToPlugin.Heal();
        ToHost.Heal();
    }
}
