using Google.Protobuf.Reflection;

namespace Plugwire.Describing;

/// <summary>
/// The descriptors of what a plugin serves, found when they are first asked for: reading them takes milliseconds, which a plugin that nobody asks does not spend.
/// Safe for use by several threads.
/// </summary>
/// <param name="serviceNames">Gives the full names of all services.</param>
/// <param name="services">Give the descriptors of those that have one; null for one that turns out to have none.</param>
internal sealed class ServedDescriptors(Func<IReadOnlyCollection<string>> serviceNames, IReadOnlyCollection<Func<ServiceDescriptor?>> services)
{
    private readonly Lazy<DescriptorIndex> _index = new(() => DescriptorIndex.Of(services.Select(find => find()?.File).OfType<FileDescriptor>()));

    private readonly Lazy<IReadOnlyCollection<string>> _serviceNames = new(serviceNames);

    /// <summary>Also those that have no descriptor.</summary>
    public IReadOnlyCollection<string> ServiceNames => _serviceNames.Value;

    public DescriptorIndex Index => _index.Value;
}
