using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugwire.TestPlugins.Held.Contract;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>Serves all four kinds, and misbehaves as its arguments say and when it is called to.</summary>
internal sealed class FaultyPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin)
    {
        var trigger = FaultTrigger.Of(Environment.GetCommandLineArgs());
        trigger.Reach(FaultPoint.BeforeHandshake);

        // The lowest level is the host's to say.
        plugin.Logging.SetMinimumLevel(LogLevel.Trace);
        plugin.Options.CookieKey = plugin.Configuration["cookie-key"] ?? plugin.Options.CookieKey;
        plugin.Options.CookieValue = plugin.Configuration["cookie-value"] ?? plugin.Options.CookieValue;
        if (plugin.Configuration["versions"] is { } versions)
            plugin.Options.ProtocolVersions = [.. versions.Split(',').Select(version => int.Parse(version, CultureInfo.InvariantCulture))];
        if (plugin.Configuration["drain"] is { } seconds)
            plugin.Options.DrainTimeout = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        plugin.Options.DetailedErrors = plugin.Configuration["detailed"] is not null;

        plugin.Services.AddSingleton<ScopeCount>();
        plugin.Services.AddScoped<CallScope>();
        plugin.Services.AddSingleton<CallJournal>();
        plugin.Services.AddSingleton(trigger);
        plugin.Services.AddHostedService<LifetimeFaults>();
        plugin.AddInterceptor<JournalInterceptor>();
        plugin.AddInterceptor<FaultInterceptor>();
        plugin.AddService<KindsService>();
        plugin.AddService<FaultsService>();
        plugin.AddContract<IHeld, HeldContract>();
    }
}
