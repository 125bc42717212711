namespace Plugwire.Shapes;

/// <summary>A service: its methods by their names.</summary>
internal sealed class ServiceShape
{
    private readonly Dictionary<string, MethodShape> _byName = new(StringComparer.Ordinal);

    /// <exception cref="BadContractException">Two methods have one name.</exception>
    public ServiceShape(string fullName, IEnumerable<MethodShape> methods)
    {
        FullName = fullName;
        Methods = [.. methods.OrderBy(method => method.Name, StringComparer.Ordinal)];
        foreach (var method in Methods)
        {
            if (!_byName.TryAdd(method.Name, method))
                throw new BadContractException($"the service {fullName} has two methods of the name '{method.Name}'.");
        }
    }

    public string FullName { get; }

    public IReadOnlyList<MethodShape> Methods { get; }

    public MethodShape? MethodNamed(string name) => _byName.GetValueOrDefault(name);
}
