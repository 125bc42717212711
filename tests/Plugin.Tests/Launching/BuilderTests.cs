using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Plugwire.Tests.Serving;

namespace Plugwire.Tests.Launching;

public sealed class BuilderTests
{
    private readonly FakeLaunch _launch = new();

    [Fact]
    public void Build_WithWrongOptions_NamesEveryMistakeAtOnce()
    {
        var builder = _launch.CreateBuilder();
        builder.Options.CookieKey = "A=B";
        builder.Options.CookieValue = "";
        builder.Options.ProtocolVersions = [1, -2];
        builder.Options.MaxReceiveMessageSize = -1;
        builder.Options.MaxConnections = 0;
        builder.Options.DrainTimeout = TimeSpan.FromSeconds(-1);

        var refusal = Assert.ThrowsAny<InvalidOperationException>(builder.Build);

        foreach (var part in (string[])["A=B", "CookieValue", "-2", "MaxReceiveMessageSize", "MaxConnections", "DrainTimeout"])
            Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_Twice_IsRefused()
    {
        var builder = _launch.CreateBuilder();
        await using var application = builder.Build();

        Assert.Throws<InvalidOperationException>(builder.Build);
    }

    [Fact]
    public void AddService_OfOneClassTwice_IsRefusedByName()
    {
        var builder = _launch.CreateBuilder();
        builder.AddService<EchoService>();

        var refusal = Assert.Throws<InvalidOperationException>(() => builder.AddService<EchoService>());

        Assert.Contains(nameof(EchoService), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddService_WithoutGeneratedBase_IsRefusedAtOnce() =>
        Assert.Throws<InvalidOperationException>(() => _launch.CreateBuilder().AddService<Journal>());

    [Fact]
    public async Task Builder_AsHostApplicationBuilder_GivesLibrariesWhatTheyExpect()
    {
        IHostApplicationBuilder builder = _launch.CreateBuilder();
        builder.Properties["key"] = "value";
        builder.Metrics.AddMeterNothing();
        builder.ConfigureContainer(new DefaultServiceProviderFactory(), services => services.AddSingleton<Journal>());

        await using var application = ((PluginApplicationBuilder)builder).Build();

        Assert.NotNull(application.Services.GetRequiredService<Journal>());
        Assert.Equal(Environments.Production, application.Services.GetRequiredService<IHostEnvironment>().EnvironmentName);
        Assert.Equal(AppContext.BaseDirectory, builder.Environment.ContentRootPath);
        Assert.Same(TimeProvider.System, application.Services.GetRequiredService<TimeProvider>());
        Assert.False(application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested);
    }
}

internal static class MetricsExtensions
{
    public static void AddMeterNothing(this IMetricsBuilder metrics) => metrics.Services.AddOptions();
}
