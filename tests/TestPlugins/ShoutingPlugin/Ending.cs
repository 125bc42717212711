namespace Plugwire.TestPlugins.Shouting;

/// <summary>What every answer ends with.</summary>
public sealed record Ending(string Text);
