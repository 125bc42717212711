namespace Plugwire.TestPlugins.Conformance;

/// <summary>Where the plugin logs and prints.</summary>
internal abstract class PluginOutput
{
    public abstract void Log(string text);

    public abstract void Print(string text);

    public abstract void PrintError(string text);
}
