using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Plugwire.Wire.Launching;

namespace Plugwire.Launching;

/// <summary>The settings that the host handed to the plugin, read once: they do not change while it runs.</summary>
internal static class SettingsFile
{
    /// <summary>Adds the settings, if the host handed any over.</summary>
    /// <exception cref="LaunchRefusedException">The file cannot be read, or is no JSON object. The message quotes nothing of it: settings may hold secrets.</exception>
    public static void AddTo(IConfigurationBuilder configuration, Func<string, string?> variable)
    {
        var path = variable(LaunchVariables.SettingsFile);
        if (string.IsNullOrEmpty(path))
            return;

        try
        {
            using var file = File.OpenRead(path);
            var settings = new Settings(new JsonStreamConfigurationSource { Stream = file });
            settings.Load();
            // Values, not the stream: a configuration that is rearranged later loads its sources again.
            configuration.AddInMemoryCollection(settings.Values);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LaunchRefusedException(
                $"The host's settings for the plugin cannot be read from {path} ({LaunchVariables.SettingsFile}). {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is JsonException or FormatException)
        {
            var place = failure is JsonException { LineNumber: { } line, BytePositionInLine: { } position } ? $" at line {line + 1}, byte {position + 1}" : "";
            throw new LaunchRefusedException(
                $"The host's settings for the plugin, in {path} ({LaunchVariables.SettingsFile}), are no JSON object that a configuration can be made of{place}. " +
                (failure is FormatException ? failure.Message : "The host must write one JSON object."), failure);
        }
    }

    private sealed class Settings(JsonStreamConfigurationSource source) : JsonStreamConfigurationProvider(source)
    {
        public IDictionary<string, string?> Values => Data;
    }
}
