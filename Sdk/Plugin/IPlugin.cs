namespace Plugwire;

/// <summary>
/// A plugin: one class that says what it serves, wherever it runs. Give it a constructor without parameters and pass it to
/// <see cref="PluginApplication.RunAsync{TPlugin}"/>.
/// </summary>
public interface IPlugin
{
    /// <summary>
    /// Puts the plugin together: services, interceptors, options. Called once, before anything is started; the host's settings are
    /// in <see cref="IPluginBuilder.Configuration"/> by then. An exception ends the plugin with exit code 2 and is shown to the host.
    /// </summary>
    /// <param name="plugin">What is put together.</param>
    void Configure(IPluginBuilder plugin);
}
