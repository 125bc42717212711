using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Plugwire.Logging;

/// <summary>Puts the log to the host into the services.</summary>
internal static class HostLogging
{
    /// <param name="services">The services.</param>
    /// <param name="levels">The host's minimum level.</param>
    /// <param name="write">Writes a line to the host.</param>
    public static ILoggingBuilder AddTo(IServiceCollection services, LogLevelSwitch levels, LineWriter write)
    {
        services.AddSingleton(levels);
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(levels);
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(levels);
        services.AddSingleton<ILoggerProvider>(provider => new HostLoggerProvider(levels, provider.GetRequiredService<TimeProvider>(), write));
        ILoggingBuilder logging = null!;
        services.AddLogging(builder => logging = builder);
        return logging;
    }
}
