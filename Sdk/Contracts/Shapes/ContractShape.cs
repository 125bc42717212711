using System.Diagnostics.CodeAnalysis;

namespace Plugwire.Shapes;

/// <summary>Services with the messages and enums that they need, as one side has them. Filled by one thread, then read by any.</summary>
internal sealed class ContractShape
{
    private readonly Dictionary<string, ServiceShape> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MessageShape> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EnumShape> _enums = new(StringComparer.Ordinal);

    public IEnumerable<MessageShape> Messages => _messages.Values;

    public IEnumerable<EnumShape> Enums => _enums.Values;

    // Of two by one name the first counts: a peer may send a file twice, under two names.
    public void Add(ServiceShape service) => _services.TryAdd(service.FullName, service);

    public void Add(MessageShape message) => _messages.TryAdd(message.FullName, message);

    public void Add(EnumShape shape) => _enums.TryAdd(shape.FullName, shape);

    public ServiceShape? ServiceNamed(string fullName) => _services.GetValueOrDefault(fullName);

    public bool HasEnum(string fullName) => TryGetEnum(fullName, out _);

    /// <exception cref="BadContractException">It is not there.</exception>
    public MessageShape MessageNamed(string fullName) =>
        _messages.TryGetValue(fullName, out var message) || (WellKnownShapes.MayHave(fullName) && WellKnownShapes.All._messages.TryGetValue(fullName, out message))
            ? message
            : throw new BadContractException($"the message {fullName} is used, but not described.");

    /// <exception cref="BadContractException">It is not there.</exception>
    public EnumShape EnumNamed(string fullName) =>
        TryGetEnum(fullName, out var shape) ? shape : throw new BadContractException($"the enum {fullName} is used, but not described.");

    /// <summary>The service alone, with what can be reached from it.</summary>
    /// <exception cref="BadContractException">Something of it is not there.</exception>
    public ContractShape ReachableFrom(string serviceName)
    {
        var service = ServiceNamed(serviceName) ?? throw new BadContractException($"the service {serviceName} is not described.");
        var reached = new ContractShape();
        reached.Add(service);
        var waiting = new Queue<string>(service.Methods.SelectMany(method => new[] { method.Request, method.Response }));
        while (waiting.TryDequeue(out var name))
        {
            if (WellKnownShapes.Has(name) || reached._messages.ContainsKey(name))
                continue;

            var message = MessageNamed(name);
            reached.Add(message);
            foreach (var field in message.Fields)
            {
                if (field.IsMessage)
                    waiting.Enqueue(field.TypeName!);
                else if (field.TypeName is { } enumName && !WellKnownShapes.Has(enumName))
                    reached.Add(EnumNamed(enumName));
            }
        }

        return reached;
    }

    private bool TryGetEnum(string fullName, [NotNullWhen(true)] out EnumShape? shape) =>
        _enums.TryGetValue(fullName, out shape) || (WellKnownShapes.MayHave(fullName) && WellKnownShapes.All._enums.TryGetValue(fullName, out shape));
}
