using Plugwire.HostServices;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Services.Health;

namespace Plugwire.Tests.Serving;

public sealed class HealthServiceTests
{
    private readonly HealthStatuses _statuses = new([], static () => true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Check_TellsWhetherADebuggerIsAttached(bool isDebugged)
    {
        var call = new TestCall();

        var answer = await new HealthService(_statuses, () => isDebugged).Check(new HealthCheckRequest { Service = HealthStatuses.GoPluginName }, call);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
        Assert.Equal(isDebugged ? DebuggerHeader.Attached : null, call.Headers?.GetValue(DebuggerHeader.Name));
    }
}
