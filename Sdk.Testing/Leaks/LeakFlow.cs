namespace Plugwire.Testing.Leaks;

/// <summary>
/// The scopes in which some code runs, one in another. It flows with the code, so that what is made at the same time elsewhere, as by a test that runs in parallel, is nobody's leak here.
/// </summary>
internal sealed class LeakFlow
{
    private static readonly AsyncLocal<LeakFlow?> Running = new();

    private readonly LeakFlow? _outer;

    private LeakFlow(LeakFlow? outer) => _outer = outer;

    public static LeakFlow? Current => Running.Value;

    /// <summary>To be called in the caller's own flow, not below an await.</summary>
    public static LeakFlow Begin() => Running.Value = new LeakFlow(Running.Value);

    /// <summary>Whether this is the scope, or one within it.</summary>
    public bool IsWithin(LeakFlow scope)
    {
        for (var flow = this; flow is not null; flow = flow._outer)
        {
            if (flow == scope)
                return true;
        }

        return false;
    }

    /// <summary>To be called in the flow that has begun it; of no effect elsewhere.</summary>
    public void End()
    {
        if (Running.Value == this)
            Running.Value = _outer;
    }
}
