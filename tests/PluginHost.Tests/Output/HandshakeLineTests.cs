using System.Text;
using Plugwire.Wire.Launching;

namespace Plugwire.Hosting.Tests.Output;

public sealed class HandshakeLineTests
{
    [Fact]
    public void TryParse_TenThousandDamagedLines_NeverThrowsAndAlwaysSaysWhatIsWrong()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var whole = "1|2|unix|/tmp/pw-abcdefgh/plugin123|grpc|MIIB|true"u8.ToArray();
        var refused = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var line = whole.AsSpan(0, random.Next(0, whole.Length + 1)).ToArray();
            for (var damage = random.Next(0, 5); damage > 0 && line.Length > 0; damage--)
                line[random.Next(line.Length)] = random.Next(3) == 0 ? (byte)'|' : (byte)random.Next(256);

            if (HandshakeLine.TryParse(line, out var handshake, out var violation))
            {
                Assert.Equal(line.AsSpan().Count((byte)'|') + 1, Encoding.UTF8.GetString(line).Split('|').Length);
                Assert.InRange(handshake.CoreVersion, 0, int.MaxValue);
                Assert.Null(violation);
            }
            else
            {
                Assert.NotEmpty(violation);
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 9999);
    }
}
