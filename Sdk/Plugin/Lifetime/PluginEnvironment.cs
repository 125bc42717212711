using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Plugwire.Lifetime;

/// <summary>The plugin as a hosting environment: its own directory, never the one its host happens to stand in.</summary>
internal sealed class PluginEnvironment : IHostEnvironment
{
    public PluginEnvironment(Func<string, string?> variable)
    {
        EnvironmentName = variable("DOTNET_ENVIRONMENT") is { Length: > 0 } name ? name : Environments.Production;
        ApplicationName = AppDomain.CurrentDomain.FriendlyName;
    }

    public string EnvironmentName { get; set; }

    public string ApplicationName { get; set; }

    public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

    /// <summary>Empty: a file provider that watches would cost every plugin a file watcher.</summary>
    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
