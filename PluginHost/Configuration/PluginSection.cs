using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Plugwire.Hosting.Configuration;

/// <summary>
/// What a configuration may say about a plugin: the part of <see cref="PluginOptions"/> that can be written as text. Null is what was not
/// written, so that it changes nothing, and a list that was written takes the place of the one there was.
/// </summary>
internal sealed class PluginSection
{
    public string? FileName { get; set; }

    public List<string>? Arguments { get; set; }

    public string? WorkingDirectory { get; set; }

    public Dictionary<string, string?>? Environment { get; set; }

    public bool? InheritEnvironment { get; set; }

    public string? Name { get; set; }

    public string? CookieKey { get; set; }

    public string? CookieValue { get; set; }

    public List<int>? ProtocolVersions { get; set; }

    public IConfigurationSection? Settings { get; set; }

    public LogLevel? MinimumLogLevel { get; set; }

    public int? MaxLogLinesPerSecond { get; set; }

    public TimeSpan? StartTimeout { get; set; }

    public TimeSpan? ConnectTimeout { get; set; }

    public TimeSpan? DrainTimeout { get; set; }

    public TimeSpan? TerminateTimeout { get; set; }

    public TimeSpan? KillTimeout { get; set; }

    public RestartSection? Restart { get; set; }

    public HealthSection? Health { get; set; }

    public int? MaxReceiveMessageSize { get; set; }

    public int? MaxSendMessageSize { get; set; }

    public int? MaxMetadataSize { get; set; }

    public int? MaxIdleFramesPerSecond { get; set; }

    public TimeSpan? KeepAlivePingDelay { get; set; }

    public TimeSpan? KeepAlivePingTimeout { get; set; }

    public bool? DetailedErrors { get; set; }

    public string? LaunchDirectoryRoot { get; set; }

    public IntegritySection? Integrity { get; set; }

    public LimitsSection? Limits { get; set; }

    public bool? Hardened { get; set; }

    public PluginStartup? Startup { get; set; }

    public ContractCheck? ContractCheck { get; set; }

    /// <exception cref="InvalidOperationException">A value cannot be read, or a key is none of the options: a misspelt one must not pass silently.</exception>
    public static void Apply(IConfiguration configuration, PluginOptions options)
    {
        var section = new PluginSection();
        configuration.Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        section.ApplyTo(options);
    }

    private void ApplyTo(PluginOptions options)
    {
        options.FileName = FileName ?? options.FileName;
        options.WorkingDirectory = WorkingDirectory ?? options.WorkingDirectory;
        options.InheritEnvironment = InheritEnvironment ?? options.InheritEnvironment;
        options.Name = Name ?? options.Name;
        options.CookieKey = CookieKey ?? options.CookieKey;
        options.CookieValue = CookieValue ?? options.CookieValue;
        options.MinimumLogLevel = MinimumLogLevel ?? options.MinimumLogLevel;
        options.MaxLogLinesPerSecond = MaxLogLinesPerSecond ?? options.MaxLogLinesPerSecond;
        options.StartTimeout = StartTimeout ?? options.StartTimeout;
        options.ConnectTimeout = ConnectTimeout ?? options.ConnectTimeout;
        options.DrainTimeout = DrainTimeout ?? options.DrainTimeout;
        options.TerminateTimeout = TerminateTimeout ?? options.TerminateTimeout;
        options.KillTimeout = KillTimeout ?? options.KillTimeout;
        options.MaxReceiveMessageSize = MaxReceiveMessageSize ?? options.MaxReceiveMessageSize;
        options.MaxSendMessageSize = MaxSendMessageSize ?? options.MaxSendMessageSize;
        options.MaxMetadataSize = MaxMetadataSize ?? options.MaxMetadataSize;
        options.MaxIdleFramesPerSecond = MaxIdleFramesPerSecond ?? options.MaxIdleFramesPerSecond;
        options.KeepAlivePingDelay = KeepAlivePingDelay ?? options.KeepAlivePingDelay;
        options.KeepAlivePingTimeout = KeepAlivePingTimeout ?? options.KeepAlivePingTimeout;
        options.DetailedErrors = DetailedErrors ?? options.DetailedErrors;
        options.LaunchDirectoryRoot = LaunchDirectoryRoot ?? options.LaunchDirectoryRoot;
        Integrity?.ApplyTo(options.Integrity);
        Limits?.ApplyTo(options.Limits);
        options.Hardened = Hardened ?? options.Hardened;
        options.Startup = Startup ?? options.Startup;
        options.ContractCheck = ContractCheck ?? options.ContractCheck;
        Restart?.ApplyTo(options.Restart);
        Health?.ApplyTo(options.Health);
        Replace(options.Arguments, Arguments);
        Replace(options.ProtocolVersions, ProtocolVersions);

        foreach (var (key, value) in Environment ?? [])
            options.Environment[key] = value;
        if (Settings is not null && Settings.Exists())
            options.Settings = SettingsFromConfiguration.ToJson(Settings);
    }

    private static void Replace<T>(IList<T> list, List<T>? written)
    {
        if (written is null)
            return;

        list.Clear();
        foreach (var item in written)
            list.Add(item);
    }
}
