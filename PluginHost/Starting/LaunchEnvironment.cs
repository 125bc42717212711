using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Launching.Limits;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Starting;

/// <summary>What a plugin is told at its start: everything goes by its environment, the settings by a file that the environment names.</summary>
internal static class LaunchEnvironment
{
    // For plugins that listen on TCP, which we then refuse; go-plugin's own values, which some plugins need to get that far.
    private const string MinPort = "10000";
    private const string MaxPort = "25000";

    /// <exception cref="PluginStartException">A variable is unusable, or the settings could not be written.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> CreateAsync(
        PluginOptions options, LaunchDirectory directory, PluginStartAttempt attempt, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [options.CookieKey] = options.CookieValue,
            [LaunchVariables.ProtocolVersions] = ProtocolVersions.Format(options.EffectiveProtocolVersions),
            [LaunchVariables.MinPort] = MinPort,
            [LaunchVariables.MaxPort] = MaxPort,
            [LaunchVariables.LaunchId] = Guid.NewGuid().ToString("N"),
            [LaunchVariables.Lifeline] = LaunchVariables.LifelineStdin,
            [LaunchVariables.LogLevel] = options.MinimumLogLevel.ToString(),
            [LaunchVariables.StopPatience] = ((long)options.DrainTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        };
        directory.AddVariables(variables);
        RuntimeVariables.AddTo(variables, options.Limits, options.Hardened, options.Environment);
        if (options.Settings is not null)
            variables[LaunchVariables.SettingsFile] = await directory.WriteSettingsAsync(ToUtf8(options.Settings), attempt, cancellationToken).ConfigureAwait(false);

        return PluginEnvironment.Create(options.InheritEnvironment, options.Environment.AsReadOnly(), variables, attempt);
    }

    private static ReadOnlyMemory<byte> ToUtf8(JsonObject settings)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            settings.WriteTo(writer);
        return buffer.WrittenMemory;
    }
}
