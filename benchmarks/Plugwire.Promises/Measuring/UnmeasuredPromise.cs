using Plugwire.Promises.Scaling;
using Plugwire.Promises.Staging;

namespace Plugwire.Promises.Measuring;

/// <summary>A row that says why it has no figure.</summary>
/// <param name="id">Of the promise.</param>
/// <param name="name">What is promised.</param>
/// <param name="target">The target, as the table has it.</param>
/// <param name="obstacle">Why there is no figure.</param>
/// <param name="isMissing">Whether what it promises does not exist yet, or else cannot be measured here.</param>
internal sealed class UnmeasuredPromise(string id, string name, string target, string obstacle, bool isMissing) : Promise
{
    public override string Id => id;

    public override string Name => name;

    public override Amount Runs => default;

    public override IReadOnlyList<Figure> Figures { get; } = [Figure.None(target)];

    public override string Obstacle => obstacle;

    public override bool IsMissing => isMissing;

    public override Task RunAsync(Stage stage, int run, CancellationToken cancellationToken) => throw new NotSupportedException(obstacle);
}
