using System.Collections.Immutable;
using Plugwire.Contracts.Generator.Diagnostics;
using Plugwire.Contracts.Generator.Model;
using Plugwire.Contracts.Generator.Reading;

namespace Plugwire.Contracts.Generator.Naming;

/// <summary>
/// The names of the contracts of a compilation: I and the service's name in Pascal case. Where that is the name of something else in its namespace,
/// Contract comes behind it; of two services that would have the same name it goes to the one that is written in C#'s way.
/// </summary>
/// <param name="Unusual">The names that are others than usual. As a rule there is none, and an edit of one service leaves the others as they are.</param>
/// <param name="Problems">What to say of them.</param>
internal sealed record ContractNames(EquatableArray<ContractName> Unusual, EquatableArray<Problem> Problems)
{
    public static ContractNames Choose(ImmutableArray<ServiceKey> services, ImmutableArray<DeclaredName> declared)
    {
        var names = ImmutableArray.CreateBuilder<ContractName>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var hidden = HiddenNamespaces(services, declared, problems);
        var taken = new HashSet<DeclaredName>(declared);
        var files = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var classes = services.GroupBy(service => (service.Namespace, service.ClassName))
            .OrderBy(group => group.Key.ClassName == PascalCase.Of(group.Key.ClassName) ? 0 : 1)
            .ThenBy(group => group.Key.Namespace, StringComparer.Ordinal)
            .ThenBy(group => group.Key.ClassName, StringComparer.Ordinal);
        foreach (var group in classes)
        {
            var service = group.First();
            var usual = Usual(service.ClassName);
            var name = Candidates(usual).First(candidate => taken.Add(new DeclaredName(service.Namespace, candidate)));
            var file = FileNames(UsualFile(service.Namespace, service.ClassName)).First(files.Add);
            if (group.Skip(1).FirstOrDefault() is { } again)
                problems.Add(new Problem(Rules.GeneratedTwice, again.Place, service.ClassName, service.ServiceName, again.ServiceName));
            else if (name != usual)
                problems.Add(new Problem(Rules.OtherInterfaceName, service.Place, service.ServiceName, usual, name));

            if (hidden || group.Skip(1).Any())
                names.Add(new ContractName(service.Namespace, service.ClassName, null, file));
            else if (name != usual || file != UsualFile(service.Namespace, service.ClassName))
                names.Add(new ContractName(service.Namespace, service.ClassName, name, file));
        }

        return new ContractNames(names.ToImmutable(), problems.ToImmutable());
    }

    /// <returns>The service's contract; null when it can have none.</returns>
    public static ContractModel? NameContract(ServiceModel service, EquatableArray<ContractName> unusual)
    {
        var name = unusual.FirstOrDefault(name => name.Namespace == service.Namespace && name.ClassName == service.ClassName)
            ?? new ContractName(service.Namespace, service.ClassName, Usual(service.ClassName), UsualFile(service.Namespace, service.ClassName));
        return name.InterfaceName is null ? null : new ContractModel(service, name.InterfaceName, name.FileName, MethodNames.Of(service));
    }

    private static bool HiddenNamespaces(ImmutableArray<ServiceKey> services, ImmutableArray<DeclaredName> declared, ImmutableArray<Problem>.Builder problems)
    {
        if (services.IsEmpty)
            return false;

        var hidden = DeclaredNameReader.NeededNamespaces.Where(name => declared.Contains(new DeclaredName("", name))).ToArray();
        problems.AddRange(hidden.Select(name => new Problem(Rules.HiddenNamespace, null, name)));
        return hidden.Length > 0;
    }

    private static string Usual(string className) => "I" + PascalCase.Of(className);

    private static string UsualFile(string @namespace, string className) =>
        (@namespace.Length == 0 ? className : $"{@namespace}.{className}").Replace("@", "");

    private static IEnumerable<string> Candidates(string usual)
    {
        yield return usual;
        yield return usual + "Contract";
        for (var number = 2; ; number++)
            yield return $"{usual}Contract{number}";
    }

    // Files differ in more than small and capital letters, for file systems where those are the same.
    private static IEnumerable<string> FileNames(string usual)
    {
        yield return usual;
        for (var number = 2; ; number++)
            yield return $"{usual}-{number}";
    }
}
