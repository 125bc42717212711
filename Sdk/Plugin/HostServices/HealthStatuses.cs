using static Plugwire.Wire.Services.Health.HealthCheckResponse.Types;

namespace Plugwire.HostServices;

/// <summary>Which services there are and whether they serve. They all do, until the plugin stops; that is final.</summary>
/// <param name="serviceNames">The services.</param>
/// <param name="isServing">Whether they do at this moment.</param>
internal sealed class HealthStatuses(IEnumerable<string> serviceNames, Func<bool> isServing)
{
    /// <summary>The name by which go-plugin hosts ask.</summary>
    public const string GoPluginName = "plugin";

    private readonly HashSet<string> _names = new(serviceNames, StringComparer.Ordinal) { "", GoPluginName };
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the plugin begins to stop.</summary>
    public Task Stopping => _stopping.Task;

    public ServingStatus this[string service] => !_names.Contains(service)
        ? ServingStatus.ServiceUnknown
        : _stopping.Task.IsCompleted || !isServing() ? ServingStatus.NotServing : ServingStatus.Serving;

    public void BeginStop() => _stopping.TrySetResult();
}
