using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Plugwire.Logging;

/// <summary>Writes each log entry as one line to the host: see <see cref="LogLine"/>.</summary>
[ProviderAlias("PluginHost")]
internal sealed class HostLoggerProvider(LogLevelSwitch levels, TimeProvider time, LineWriter write) : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentDictionary<string, HostLogger> _loggers = new(StringComparer.Ordinal);

    public LogLevelSwitch Levels { get; } = levels;

    public TimeProvider Time { get; } = time;

    public LineWriter Write { get; } = write;

    public IExternalScopeProvider Scopes { get; private set; } = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) =>
        _loggers.GetOrAdd(categoryName, static (category, provider) => new HostLogger(category, provider), this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>Holds nothing: the line's descriptor belongs to the process.</summary>
    public void Dispose()
    {
    }
}
