using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Plugwire.Logging;

/// <summary>
/// The lowest level that the host wants to see, changeable while the plugin runs. As long as the host has said nothing, the
/// author's own filters stand alone; what it says replaces the author's overall minimum (rules by category stay), and nothing
/// below it is written.
/// </summary>
internal sealed class LogLevelSwitch : IPostConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private const int Unsaid = -1;

    private ConfigurationReloadToken _changed = new();
    private volatile int _minimum = Unsaid;

    /// <summary>All options of this type, not one by name.</summary>
    public string? Name => Options.DefaultName;

    public bool IsEnabled(LogLevel level) => (int)level >= _minimum && level != LogLevel.None;

    /// <summary>Takes effect for all loggers before it returns. Safe for any thread.</summary>
    public void Set(LogLevel minimum)
    {
        _minimum = (int)minimum;
        Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
    }

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (_minimum is var minimum and not Unsaid)
            options.MinLevel = (LogLevel)minimum;
    }

    public IChangeToken GetChangeToken() => Volatile.Read(ref _changed);
}
