using Plugwire.Promises.Soak;

namespace Plugwire.Promises.Tests;

public sealed class CallLedgerTests
{
    private readonly CallLedger _ledger = new();

    [Fact]
    public void Call_ThatHasNoEnd_StaysOpen()
    {
        _ledger.Succeed(_ledger.Begin("one that ends"));
        _ledger.Begin("one that does not");

        Assert.Equal((2, 1), (_ledger.Begun, _ledger.Ended));
        Assert.Equal(["call 2, one that does not"], _ledger.Open);
        Assert.Empty(_ledger.Errors);
    }

    [Fact]
    public void Call_ThatEndsTwice_IsAnError()
    {
        var number = _ledger.Begin("twice");
        _ledger.Succeed(number);

        _ledger.Succeed(number);

        Assert.Equal(["call 1 ended twice"], _ledger.Errors);
    }

    [Fact]
    public void Call_ThatFailsAsNoneShould_IsAnError()
    {
        _ledger.Fail(_ledger.Begin("broken"), new InvalidOperationException("It broke."));

        Assert.Equal(["call 1 failed as none should: InvalidOperationException: It broke."], _ledger.Errors);
        Assert.Equal(1, _ledger.Ended);
    }
}
