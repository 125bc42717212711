using System.Text;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.Wire.Tests.Transports.UnixSockets;

public sealed class UnixSocketPathTests
{
    [Fact]
    public void Validate_LongestPath_IsTakenByThePlatformToo()
    {
        using var directory = new SocketDirectory();
        var path = directory.Of(new string('x', UnixSocketPath.MaxBytes - Encoding.UTF8.GetByteCount(directory.Path) - 1));

        UnixSocketPath.Validate(path);
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));

        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Validate_OneByteTooLong_NamesPathLengthAndLimit()
    {
        var path = "/tmp/".PadRight(UnixSocketPath.MaxBytes + 1, 'x');

        var error = Assert.Throws<ArgumentException>(() => UnixSocketPath.Validate(path));

        Assert.Contains($"'{path}' has {UnixSocketPath.MaxBytes + 1} bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains($"at most {UnixSocketPath.MaxBytes}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_FewCharactersOfManyBytes_CountsBytes()
    {
        var path = "/tmp/" + new string('€', 40);

        var error = Assert.Throws<ArgumentException>(() => UnixSocketPath.Validate(path));

        Assert.Contains("has 125 bytes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("plugin.sock", "relative")]
    [InlineData("./plugin.sock", "relative")]
    [InlineData("/tmp/a\0b", "zero character")]
    [InlineData("\0abstract", "zero character")]
    public void Validate_NoPathOfASocket_SaysWhy(string path, string reason)
    {
        var error = Assert.Throws<ArgumentException>(() => UnixSocketPath.Validate(path));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
