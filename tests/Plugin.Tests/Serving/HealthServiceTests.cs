using Plugwire.HostServices;
using Plugwire.Testing;
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
        var call = new TestServerCallContext();

        var answer = await new HealthService(_statuses, () => isDebugged, static () => 0).Check(new HealthCheckRequest { Service = HealthStatuses.GoPluginName }, call);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
        Assert.Equal(isDebugged ? HealthHeaders.Attached : null, call.ResponseHeaders?.GetValue(HealthHeaders.Debugger));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(12, "12")]
    public async Task Check_TellsHowManyHandlersAreDeaf(int deaf, string? told)
    {
        var call = new TestServerCallContext();

        await new HealthService(_statuses, static () => false, () => deaf).Check(new HealthCheckRequest(), call);

        Assert.Equal(told, call.ResponseHeaders?.GetValue(HealthHeaders.DeafHandlers));
    }
}
