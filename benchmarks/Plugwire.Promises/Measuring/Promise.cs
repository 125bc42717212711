using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Measuring;

/// <summary>One promise: what it is called, its figures with their targets, and how one run gives each of them its samples.</summary>
internal abstract class Promise
{
    /// <summary>Such as <c>G04</c>.</summary>
    public abstract string Id { get; }

    /// <summary>What is promised, in a few words.</summary>
    public abstract string Name { get; }

    public abstract Amount Runs { get; }

    public abstract IReadOnlyList<Figure> Figures { get; }

    /// <summary>Why it cannot be measured here; null when it can.</summary>
    public virtual string? Obstacle => null;

    /// <summary>Whether what it promises does not exist yet.</summary>
    public virtual bool IsMissing => false;

    /// <summary>Whether a run only waits, and what others do at the same time does not show in its figures: such promises are measured together.</summary>
    public virtual bool IsPatient => false;

    /// <summary>After what time a run is taken for one that hangs.</summary>
    public virtual TimeSpan RunLimit => TimeSpan.FromMinutes(2);

    /// <summary>Gives each figure one sample, or more. What it throws is a run that failed, and its promise a broken one.</summary>
    /// <param name="stage">The run's own: a place for its plugins, gone with it.</param>
    /// <param name="run">Which it is, counted from 0.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public abstract Task RunAsync(Stage stage, int run, CancellationToken cancellationToken);
}
