using System.Globalization;
using System.Text.Json;

namespace Plugwire.EndToEnd.Tests.GoPluginHost;

/// <summary>A line on standard error as go-plugin takes it: one that is not in this form is at best shown as it is, and at worst the end of the host.</summary>
internal static class HclogLine
{
    private static readonly string[] Quiet = ["trace", "debug", "info"];

    /// <summary>All lines of a plugin that has nothing to complain of.</summary>
    public static void AssertAllQuiet(string standardError)
    {
        foreach (var line in standardError.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            Assert.Contains(Text("@level"), Quiet);
            Assert.NotEmpty(Text("@message"));
            Assert.True(DateTime.TryParseExact(Text("@timestamp"), "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), line);

            string Text(string name)
            {
                var value = json.RootElement.GetProperty(name);
                Assert.Equal(JsonValueKind.String, value.ValueKind);
                return value.GetString()!;
            }
        }
    }
}
