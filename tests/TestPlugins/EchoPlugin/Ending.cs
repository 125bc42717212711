namespace Plugwire.TestPlugins.Echoes;

/// <summary>What every answer ends with.</summary>
public sealed record Ending(string Text);
