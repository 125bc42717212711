using System.Diagnostics;
using Plugwire.Testing.Time;

namespace Plugwire.Testing;

/// <summary>A timer that will fire, as it is at one moment.</summary>
public sealed class ArmedTimer
{
    private readonly StackTrace _origin;

    internal ArmedTimer(TimeSpan dueIn, TimeSpan? period, StackTrace origin)
    {
        DueIn = dueIn;
        Period = period;
        _origin = origin;
    }

    /// <summary>How long until it fires.</summary>
    public TimeSpan DueIn { get; }

    /// <summary>How long after that it fires again; null for never.</summary>
    public TimeSpan? Period { get; }

    /// <summary>Where it was armed: the nearest methods that are not the framework's, at most three, one a line.</summary>
    public string Origin => TimerOrigin.Describe(_origin);

    /// <summary>All of it.</summary>
    public override string ToString() => $"due in {DueIn}{(Period is { } period ? $", and every {period} from then" : "")}, armed {Origin}";
}
