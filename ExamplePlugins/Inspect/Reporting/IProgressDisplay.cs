using Examples.Inspect.Streaming;

namespace Examples.Inspect.Reporting;

/// <summary>Shows how far the work is, until it has ended.</summary>
internal interface IProgressDisplay
{
    Task ShowAsync(InspectionCounts counts, Func<CancellationToken, Task> work, CancellationToken cancellationToken);
}
