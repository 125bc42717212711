using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Configuration;
using Plugwire.Hosting.Tests.Checking;

namespace Plugwire.Hosting.Tests.Configuration;

public sealed partial class PluginOptionsTests
{
    [Fact]
    public void Validate_DefaultsWithAProgram_NoMistakes() => Assert.Empty(PluginOptionsValidator.MistakesIn(new PluginOptions("plugin")));

    [Fact]
    public void Validate_ManyMistakes_ReportsEachWithItsValue()
    {
        var options = new PluginOptions("", "a\0b")
        {
            WorkingDirectory = "",
            Name = " ",
            CookieKey = "a=b",
            CookieValue = "",
            Environment = { ["PLUGIN_X"] = "1", ["TMPDIR"] = "/x", [""] = "2", ["Y"] = "a\0" },
            ProtocolVersions = { 1, -7, 1 },
            MinimumLogLevel = (LogLevel)42,
            MaxLogLinesPerSecond = 0,
            StartTimeout = TimeSpan.Zero,
            ConnectTimeout = TimeSpan.FromSeconds(-3),
            DrainTimeout = Timeout.InfiniteTimeSpan,
            TerminateTimeout = TimeSpan.FromDays(100),
            KillTimeout = TimeSpan.Zero,
            MaxReceiveMessageSize = 0,
            MaxSendMessageSize = -1,
            MaxMetadataSize = 0,
            MaxIdleFramesPerSecond = 999,
            KeepAlivePingDelay = TimeSpan.FromMilliseconds(999),
            KeepAlivePingTimeout = TimeSpan.Zero,
            LaunchDirectoryRoot = "relative/root",
            Interceptors = { null! },
            TimeProvider = null!,
            Startup = (PluginStartup)9,
            ContractCheck = (ContractCheck)8,
            Restart =
            {
                Policy = (PluginRestartPolicy)7,
                MaxRestarts = -1,
                Window = TimeSpan.Zero,
                FirstDelay = TimeSpan.FromSeconds(2),
                MaxDelay = TimeSpan.FromSeconds(1),
                ForgivenAfter = TimeSpan.FromSeconds(-1),
            },
            Health = { Interval = TimeSpan.Zero, Timeout = TimeSpan.Zero, BusyTimeout = TimeSpan.FromSeconds(-2), NotServingTimeout = TimeSpan.FromSeconds(-3), MaxDeafHandlers = -4 },
        };

        var mistakes = PluginOptionsValidator.MistakesIn(options);

        string[] expected =
        [
            "FileName is empty", "Arguments[0] is 'a\\u0000b'", "WorkingDirectory is empty", "Name is ' '", "CookieKey is 'a=b'", "CookieValue is empty",
            "'PLUGIN_X'", "'TMPDIR'", "the name ''", "Environment['Y']", "ProtocolVersions has -7", "ProtocolVersions has 1 more than once", "MinimumLogLevel is 42", "MaxLogLinesPerSecond is 0",
            "StartTimeout is 00:00:00", "ConnectTimeout is -00:00:03", "DrainTimeout is -00:00:00.0010000", "TerminateTimeout is 100.00:00:00", "KillTimeout is 00:00:00",
            "MaxReceiveMessageSize is 0", "MaxSendMessageSize is -1", "MaxMetadataSize is 0", "MaxIdleFramesPerSecond is 999", "KeepAlivePingDelay is 00:00:00.9990000", "KeepAlivePingTimeout is 00:00:00", "'relative/root'", "Interceptors has", "TimeProvider is null", "Startup is 9",
            "ContractCheck is 8", "Restart.Policy is 7", "Restart.MaxRestarts is -1", "Restart.Window is 00:00:00", "Restart.ForgivenAfter is -00:00:01", "Restart.MaxDelay is 00:00:01, and Restart.FirstDelay is 00:00:02",
            "Health.Interval is 00:00:00", "Health.Timeout is 00:00:00", "Health.BusyTimeout is -00:00:02", "Health.NotServingTimeout is -00:00:03", "Health.MaxDeafHandlers is -4",
        ];
        Assert.All(expected, text => Assert.Contains(mistakes, mistake => mistake.Contains(text, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, mistakes.Count);
    }

    [Fact]
    public void Validate_StopsWithoutPatienceAndSizesWithoutLimit_AreAllowed() => Assert.Empty(PluginOptionsValidator.MistakesIn(new PluginOptions("plugin")
    {
        DrainTimeout = TimeSpan.Zero,
        TerminateTimeout = TimeSpan.Zero,
        MaxReceiveMessageSize = null,
        MaxSendMessageSize = null,
        MaxIdleFramesPerSecond = null,
        Restart = { MaxRestarts = null, FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero },
        Health = { Interval = Timeout.InfiniteTimeSpan, BusyTimeout = TimeSpan.Zero },
    }));

    [Fact]
    public async Task StartAsync_Mistakes_AreInvalidOptionsInOneException()
    {
        var failure = await Assert.ThrowsAsync<PluginStartException>(
            () => Plugin.StartAsync(new PluginOptions { Name = "todo", MaxMetadataSize = -5 }, TestContext.Current.CancellationToken));

        Assert.Equal(PluginStartReason.InvalidOptions, failure.Reason);
        Assert.Equal(PluginStartStage.Resolve, failure.Stage);
        Assert.Equal("todo", failure.PluginName);
        Assert.Contains("FileName is empty", failure.Message, StringComparison.Ordinal);
        Assert.Contains("MaxMetadataSize is -5", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SetSettings_ObjectOfTheHosts_BecomesJson()
    {
        var options = new PluginOptions("plugin");

        options.SetSettings(new Rules(["TODO"], 3), RulesJson.Default.Rules);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"Words":["TODO"],"Depth":3}"""), options.Settings));
    }

    [Fact]
    public void SetSettings_NoObject_SaysWhatItIs()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new PluginOptions("plugin").SetSettings(["a"], RulesJson.Default.StringArray));

        Assert.Contains("Array", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Copy_OfEveryOption_HasTheSameValues()
    {
        var options = new PluginOptions("plugin", "a", "b") { Environment = { ["A"] = null }, ProtocolVersions = { 4 }, Settings = new JsonObject { ["a"] = 1 } };
        foreach (var part in new object[] { options, options.Restart, options.Health })
        {
            foreach (var property in part.GetType().GetProperties().Where(property => property.CanWrite && property.GetSetMethod() is not null))
                SetToOtherThanDefault(part, property);
        }

        var copy = options.Copy();

        foreach (var property in typeof(PluginOptions).GetProperties())
        {
            if (property.Name == nameof(PluginOptions.Settings))
                Assert.True(JsonNode.DeepEquals(options.Settings, copy.Settings));
            else if (property.GetValue(options) is PluginRestartOptions or PluginHealthOptions or PluginIntegrityOptions or PluginLimitOptions)
                AssertIsCopied(property.GetValue(options)!, property.GetValue(copy)!);
            else
                Assert.Equal(property.GetValue(options), property.GetValue(copy));
        }
    }

    [Fact]
    public void AddContract_ToOptionsAndCopy_IsKeptOnceAndApart()
    {
        var options = new PluginOptions("plugin").AddContract<ICatalog>().AddContract<ICatalog>();

        var copy = options.Copy();
        options.AddContract<IOrders>();

        Assert.Equal("plugwire.tests.catalog.v1.Catalog", Assert.Single(copy.Contracts).ServiceName);
        Assert.Equal([typeof(ICatalog), typeof(IOrders)], options.Contracts.Select(contract => contract.Contract));
    }

    private static void AssertIsCopied(object part, object copy)
    {
        Assert.NotSame(part, copy);
        Assert.All(part.GetType().GetProperties(), property => Assert.Equal(property.GetValue(part), property.GetValue(copy)));
    }

    private static void SetToOtherThanDefault(object options, System.Reflection.PropertyInfo property)
    {
        object? value = property.PropertyType switch
        {
            var type when type == typeof(string) => "other",
            var type when type == typeof(bool) => true,
            var type when type == typeof(TimeSpan) || type == typeof(TimeSpan?) => TimeSpan.FromSeconds(77),
            var type when type == typeof(int) || type == typeof(int?) => 77,
            var type when type == typeof(LogLevel) => LogLevel.Critical,
            var type when type == typeof(PluginStartup) => PluginStartup.WithTheApplication,
            var type when type == typeof(PluginRestartPolicy) => PluginRestartPolicy.Always,
            var type when type == typeof(ContractCheck) => ContractCheck.Required,
            var type when type == typeof(ILoggerFactory) => Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance,
            var type when type == typeof(TimeProvider) => new Microsoft.Extensions.Time.Testing.FakeTimeProvider(),
            _ => property.GetValue(options),
        };
        property.SetValue(options, value);
    }

    internal sealed record Rules(string[] Words, int Depth);

    [JsonSerializable(typeof(Rules))]
    [JsonSerializable(typeof(string[]))]
    internal sealed partial class RulesJson : JsonSerializerContext;
}
