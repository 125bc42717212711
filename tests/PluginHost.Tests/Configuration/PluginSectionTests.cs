using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Configuration;

namespace Plugwire.Hosting.Tests.Configuration;

public sealed class PluginSectionTests
{
    [Fact]
    public void Apply_EveryKindOfOption_IsRead()
    {
        var options = Apply(
            """
            {
              "FileName": "plugins/todo", "Arguments": ["--fast", ""], "WorkingDirectory": "/w", "Environment": { "A": "1" }, "InheritEnvironment": true,
              "Name": "todo", "CookieKey": "K", "CookieValue": "V", "ProtocolVersions": [3, 4], "MinimumLogLevel": "Warning", "MaxLogLinesPerSecond": 7, "StartTimeout": "00:00:20",
              "ConnectTimeout": "00:00:21", "DrainTimeout": "00:00:22", "TerminateTimeout": "00:00:23", "KillTimeout": "00:00:24",
              "MaxReceiveMessageSize": 1, "MaxSendMessageSize": 2, "MaxMetadataSize": 3, "MaxIdleFramesPerSecond": 4000, "KeepAlivePingDelay": "00:00:41", "KeepAlivePingTimeout": "00:00:42", "DetailedErrors": true, "LaunchDirectoryRoot": "/r", "Startup": "WithTheApplication", "ContractCheck": "Required",
              "Restart": { "Policy": "Always", "MaxRestarts": 5, "Window": "00:00:31", "FirstDelay": "00:00:32", "MaxDelay": "00:00:33", "ForgivenAfter": "00:00:34" },
              "Health": { "Interval": "00:00:35", "Timeout": "00:00:36", "BusyTimeout": "00:00:37", "EndsUnresponsive": false, "NotServingTimeout": "00:00:38", "MaxDeafHandlers": 39 }
            }
            """);

        Assert.Equal("plugins/todo", options.FileName);
        Assert.Equal(["--fast", ""], options.Arguments);
        Assert.Equal("/w", options.WorkingDirectory);
        Assert.Equal("1", options.Environment["A"]);
        Assert.True(options.InheritEnvironment);
        Assert.Equal("todo", options.Name);
        Assert.Equal(("K", "V"), (options.CookieKey, options.CookieValue));
        Assert.Equal([3, 4], options.ProtocolVersions);
        Assert.Equal(LogLevel.Warning, options.MinimumLogLevel);
        Assert.Equal([20, 21, 22, 23, 24], new[] { options.StartTimeout, options.ConnectTimeout, options.DrainTimeout, options.TerminateTimeout, options.KillTimeout }.Select(time => (int)time.TotalSeconds));
        Assert.Equal((1, 2, 3), (options.MaxReceiveMessageSize, options.MaxSendMessageSize, options.MaxMetadataSize));
        Assert.Equal(4000, options.MaxIdleFramesPerSecond);
        Assert.Equal((41, 42), (options.KeepAlivePingDelay.TotalSeconds, options.KeepAlivePingTimeout.TotalSeconds));
        Assert.True(options.DetailedErrors);
        Assert.Equal(7, options.MaxLogLinesPerSecond);
        Assert.Equal("/r", options.LaunchDirectoryRoot);
        Assert.Equal(PluginStartup.WithTheApplication, options.Startup);
        Assert.Equal(ContractCheck.Required, options.ContractCheck);
        Assert.Equal((PluginRestartPolicy.Always, 5), (options.Restart.Policy, options.Restart.MaxRestarts));
        Assert.Equal([31, 32, 33, 34], new[] { options.Restart.Window, options.Restart.FirstDelay, options.Restart.MaxDelay, options.Restart.ForgivenAfter }.Select(time => (int)time.TotalSeconds));
        Assert.Equal([35, 36, 37, 38], new[] { options.Health.Interval, options.Health.Timeout, options.Health.BusyTimeout, options.Health.NotServingTimeout!.Value }.Select(time => (int)time.TotalSeconds));
        Assert.Equal((false, 39), (options.Health.EndsUnresponsive, options.Health.MaxDeafHandlers));
    }

    [Fact]
    public void Apply_WhatIsNotWritten_StaysAsItWas()
    {
        var options = new PluginOptions("before", "x") { ProtocolVersions = { 7 }, MaxReceiveMessageSize = null };

        PluginSection.Apply(Read("""{ "Name": "n", "Restart": { "Policy": "Never" }, "Health": { "Interval": "00:00:01" } }"""), options);

        Assert.Equal("before", options.FileName);
        Assert.Equal(["x"], options.Arguments);
        Assert.Equal([7], options.ProtocolVersions);
        Assert.Null(options.MaxReceiveMessageSize);
        Assert.Null(options.Settings);
        Assert.Equal(3, options.Restart.MaxRestarts);
        Assert.True(options.Health.EndsUnresponsive);
    }

    [Fact]
    public void Apply_ListThatIsWritten_TakesThePlaceOfTheOneThereWas()
    {
        var options = new PluginOptions("before", "x") { ProtocolVersions = { 7 } };

        PluginSection.Apply(Read("""{ "Arguments": ["y"], "ProtocolVersions": [8] }"""), options);

        Assert.Equal(["y"], options.Arguments);
        Assert.Equal([8], options.ProtocolVersions);
    }

    [Fact]
    public void Apply_Settings_KeepTheirShape()
    {
        var options = Apply("""{ "Settings": { "Words": ["TODO", "FIXME"], "Deep": { "Down": { "A": "1" } }, "Number": 5, "Rules": [ { "Name": "x" } ] } }""");

        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""{ "Deep": { "Down": { "A": "1" } }, "Number": "5", "Rules": [ { "Name": "x" } ], "Words": ["TODO", "FIXME"] }"""),
                options.Settings),
            options.Settings?.ToJsonString());
    }

    [Fact]
    public void Apply_MisspeltKey_IsNamed()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Apply("""{ "FileNme": "plugins/todo" }"""));

        Assert.Contains("FileNme", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ValueThatCannotBeRead_IsNamed()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Apply("""{ "StartTimeout": "soon" }"""));

        Assert.Contains("StartTimeout", failure.Message, StringComparison.Ordinal);
    }

    private static PluginOptions Apply(string json)
    {
        var options = new PluginOptions();
        PluginSection.Apply(Read(json), options);
        return options;
    }

    private static IConfiguration Read(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
}
