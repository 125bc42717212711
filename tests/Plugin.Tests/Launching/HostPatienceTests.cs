using Plugwire.Launching;
using Plugwire.Wire.Launching;

namespace Plugwire.Tests.Launching;

/// <summary>How much of the time that the host waits is left to the calls.</summary>
public sealed class HostPatienceTests
{
    private readonly FakeLaunch _launch = new();

    [Fact]
    public void ReadDrain_HostSaysHowLongItWaits_LeavesAQuarterForTheRest()
    {
        _launch[LaunchVariables.StopPatience] = "8000";

        Assert.Equal(TimeSpan.FromSeconds(6), HostPatience.ReadDrain(_launch.Context));
    }

    [Fact]
    public void ReadDrain_HostDoesNotAsk_IsZero()
    {
        _launch[LaunchVariables.StopPatience] = "0";

        Assert.Equal(TimeSpan.Zero, HostPatience.ReadDrain(_launch.Context));
    }

    [Fact]
    public void ReadDrain_HostSaysNothing_IsTheAuthors()
    {
        Assert.Null(HostPatience.ReadDrain(_launch.Context));
        Assert.Equal("", _launch.Told);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    public void ReadDrain_HostSaysNoNumber_IsToldAndTheAuthors(string patience)
    {
        _launch[LaunchVariables.StopPatience] = patience;

        Assert.Null(HostPatience.ReadDrain(_launch.Context));
        Assert.Contains(patience, _launch.Told, StringComparison.Ordinal);
    }
}
