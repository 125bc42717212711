using System.Globalization;
using System.Text;
using System.Text.Json;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>Standard error: the plugin's log.</summary>
internal static class LogChecks
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffffK";

    private static readonly string[] KnownKeys = ["@message", "@level", "@timestamp"];

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.Of(
            new("log.json-fields", "The fields of a JSON line", "In a line on standard error that is a JSON object, @message, @level and @timestamp are strings where they are there: a go-plugin host ends with a panic for any other.", ConformanceSource.GoPlugin, Must),
            async (process, token) =>
            {
                foreach (var (text, fields) in JsonLines(await LifeAsync(process, token).ConfigureAwait(false)))
                {
                    if (KnownKeys.FirstOrDefault(key => fields.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.String) is { } key)
                        throw process.Failure($"{key} is no string in this line on standard error: {SubjectProcess.Shown(text)}");
                }
            }),
        PluginCheck.Of(
            new("log.json-timestamp", "The time of a JSON line", "@timestamp in a JSON line has six digits of a fraction and a zone, such as 2026-11-22T06:32:34.325738Z: with any other, a go-plugin host takes the whole line for text.", ConformanceSource.GoPlugin, Should),
            async (process, token) =>
            {
                foreach (var (text, fields) in JsonLines(await LifeAsync(process, token).ConfigureAwait(false)))
                {
                    if (fields.TryGetValue("@timestamp", out var value) && value.ValueKind == JsonValueKind.String && !IsTimestamp(value.GetString()!))
                        throw process.Failure($"@timestamp is no time with six digits of a fraction in this line on standard error: {SubjectProcess.Shown(text)}");
                }
            }),
        PluginCheck.Of(
            new("log.text", "Text on standard error", "Standard error has lines of UTF-8 text, in the form of hclog's JSON or in any other.", ConformanceSource.GoPlugin, Should),
            async (process, token) =>
            {
                var bytes = await LifeAsync(process, token).ConfigureAwait(false);
                if (bytes.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(bytes))
                    throw process.Failure("What stands on standard error is no UTF-8 text.");
            }),
        PluginCheck.OfContract(
            new("log.line", "A line of the log", "What a plugin logs stands on standard error, a line for each entry.", ConformanceSource.GoPlugin, Must),
            async (calls, token) =>
            {
                var line = await LoggedAsync(calls, "conformance says hello", token).ConfigureAwait(false);
                if (line is null)
                    throw calls.Process.Failure("The plugin's log has no line with the text that it was asked to log.");
            }),
        PluginCheck.OfContract(
            new("log.structured", "The level of an entry", "An entry of the log is a JSON object with its level in @level and its text in @message, so that a host logs it as what it is.", ConformanceSource.GoPlugin, Should),
            async (calls, token) =>
            {
                var line = await LoggedAsync(calls, "conformance has a level", token).ConfigureAwait(false)
                    ?? throw calls.Process.Failure("The plugin's log has no line with the text that it was asked to log.");
                var fields = JsonLines(Encoding.UTF8.GetBytes(line)).Select(entry => entry.Fields).FirstOrDefault();
                if (fields is null || !Has(fields, "@level", "info") || !Has(fields, "@message", "conformance has a level"))
                    throw calls.Process.Failure($"The line is no JSON object with @level 'info' and the text as its @message: {SubjectProcess.Shown(line)}");
            }),
    ];

    // The line of a call comes before or after its answer: they go by different pipes.
    private static async Task<string?> LoggedAsync(ContractCalls calls, string text, CancellationToken cancellationToken)
    {
        await calls.Client.LogAsync(new LogRequest { Text = text }, cancellationToken: cancellationToken).ResponseAsync.ConfigureAwait(false);
        using var late = new CancellationTokenSource(calls.Process.ReactionTimeout, TimeProvider.System);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await calls.Process.Error.WaitAsync(bytes => Find(bytes, text) is not null, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        return Find(calls.Process.Error.Bytes, text);
    }

    private static string? Find(byte[] bytes, string text)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        return lines[..^1].FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
    }

    // All that stands on standard error from the start to the end.
    private static async Task<byte[]> LifeAsync(SubjectProcess process, CancellationToken cancellationToken)
    {
        await HealthChecks.CheckAsync(await process.DialAsync(cancellationToken).ConfigureAwait(false), HealthChecks.Plugin, cancellationToken).ConfigureAwait(false);
        process.SendTerminate();
        await process.EndAsync("the terminate signal").ConfigureAwait(false);
        return process.Error.Bytes;
    }

    private static IEnumerable<(string Text, Dictionary<string, JsonElement> Fields)> JsonLines(byte[] bytes)
    {
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            if (line.StartsWith('{') && TryRead(line) is { } fields)
                yield return (line, fields);
        }
    }

    private static Dictionary<string, JsonElement>? TryRead(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);

            // Of a key that stands there twice the last counts, as in Go.
            var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
                fields[property.Name] = property.Value.Clone();
            return fields;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Has(Dictionary<string, JsonElement> fields, string key, string value) =>
        fields.TryGetValue(key, out var element) && element.ValueKind == JsonValueKind.String
            && string.Equals(element.GetString()!.Trim(), value, StringComparison.OrdinalIgnoreCase);

    private static bool IsTimestamp(string text) =>
        DateTimeOffset.TryParseExact(text, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
