namespace Plugwire.Testing.Fakes.Plugins;

/// <summary>What a test says about the starts of a plugin.</summary>
internal sealed class FakeStart
{
    private volatile FakeHold? _hold;
    private volatile FakeRefusal? _refusal;

    /// <summary>Null when it starts.</summary>
    public FakeRefusal? Refusal => _refusal;

    public FakeHold Hold() => _hold = new FakeHold("A start of the fake plugin");

    public void Refuse(FakeRefusal? refusal) => _refusal = refusal;

    public Task PassAsync(CancellationToken cancellationToken) => _hold?.WaitAsync(cancellationToken) ?? Task.CompletedTask;
}
