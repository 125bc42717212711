using Examples.Inspection;

namespace Examples.Inspect.Streaming;

/// <summary>Where findings go. Takes one after the other; a slow sink slows the inspection down.</summary>
internal interface IFindingSink
{
    Task WriteAsync(Finding finding, CancellationToken cancellationToken);
}
