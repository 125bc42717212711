using System.Text;
using Plugwire.Hosting.Handshaking;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Tests.Handshaking;

public sealed class HandshakeCheckTests
{
    private static readonly int[] HostVersions = [2, 3];

    [Theory]
    [InlineData("1|2|unix|/d/s|grpc|")]
    [InlineData("1|3|unix|/d/s|grpc")]
    [InlineData("1|3|unix|/d/s|grpc|shorter-than-a-certificate|false")]
    public void Refuse_WhatTheHostCanUse_Nothing(string line) => Assert.Null(Refuse(line));

    [Theory]
    [InlineData("2|2|unix|/d/s|grpc", PluginStartReason.UnsupportedProtocol, "the plugin speaks version 2 of it")]
    [InlineData("1|1|unix|/d/s|grpc", PluginStartReason.VersionMismatch, "it offers version 1")]
    [InlineData("1|4|unix|/d/s|grpc", PluginStartReason.VersionMismatch, "it offers version 4")]
    [InlineData("1|2|unix|/d/s", PluginStartReason.UnsupportedProtocol, "netrpc")]
    [InlineData("1|2|unix|/d/s|netrpc", PluginStartReason.UnsupportedProtocol, "only Go programs understand")]
    [InlineData("1|2|unix|/d/s|thrift", PluginStartReason.UnsupportedProtocol, "'thrift'")]
    [InlineData("1|2|tcp|127.0.0.1:10000|grpc", PluginStartReason.UnsupportedProtocol, "127.0.0.1:10000")]
    [InlineData("1|2|vsock|3:1|grpc", PluginStartReason.UnsupportedProtocol, "'vsock'")]
    [InlineData("1|2|unix|/d/s|grpc||true", PluginStartReason.UnsupportedProtocol, "multiplexes")]
    [InlineData("1|2|unix|/d/s|gr\u001bpc", PluginStartReason.UnsupportedProtocol, "\\u001B")]
    public void Refuse_WhatTheHostCannotUse_SaysWhat(string line, PluginStartReason reason, string found)
    {
        var refusal = Refuse(line);

        Assert.NotNull(refusal);
        Assert.Equal(reason, refusal.Reason);
        Assert.Contains(found, refusal.Found, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Expected);
        Assert.NotEmpty(refusal.Advice);
    }

    [Fact]
    public void Refuse_CertificateNobodyAskedFor_SaysSo()
    {
        var refusal = Refuse($"1|2|unix|/d/s|grpc|{new string('A', 800)}");

        Assert.NotNull(refusal);
        Assert.Contains("certificate that this host did not ask for", refusal.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "upgrade the plugin")]
    [InlineData(9, "upgrade the host")]
    public void Refuse_NoCommonVersion_SaysBothSetsAndWhoMustUpgrade(int pluginVersion, string advice)
    {
        var refusal = Refuse($"1|{pluginVersion}|unix|/d/s|grpc");

        Assert.NotNull(refusal);
        Assert.Contains("2, 3", refusal.Expected, StringComparison.Ordinal);
        Assert.Contains($"version {pluginVersion}", refusal.Found, StringComparison.Ordinal);
        Assert.Contains(advice, refusal.Advice, StringComparison.Ordinal);
    }

    private static HandshakeRefusal? Refuse(string line)
    {
        Assert.True(HandshakeLine.TryParse(Encoding.UTF8.GetBytes(line), out var handshake, out var violation), violation);
        return HandshakeCheck.Refuse(handshake, HostVersions);
    }
}
