namespace Examples.Inspect.Plugins;

/// <summary>Where a plugin's program is: the build places it in <c>plugins/&lt;name&gt;/</c> beside this program.</summary>
internal static class PluginFile
{
    public static string Of(string name) => Path.Combine(AppContext.BaseDirectory, "plugins", name, $"{name}.dll");
}
