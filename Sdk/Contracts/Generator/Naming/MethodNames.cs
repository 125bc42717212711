using System.Collections.Immutable;
using Plugwire.Contracts.Generator.Diagnostics;
using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Naming;

/// <summary>
/// The names that a service's rpcs have in its contract: in Pascal case, with Async at the end. Where two would have the same name, it goes to the rpc that is
/// written in C#'s way, and after that to the first in the .proto; the other keeps its own spelling, with Async behind it.
/// </summary>
internal static class MethodNames
{
    private const string Async = "Async";

    public static EquatableArray<string> Of(ServiceModel service)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var names = new string[service.Methods.Count];

        // These alone are all different, since rpcs are.
        for (var i = 0; i < names.Length; i++)
        {
            if (Usual(service.Methods[i].Name) == service.Methods[i].Name + Async)
                taken.Add(names[i] = service.Methods[i].Name + Async);
        }

        for (var i = 0; i < names.Length; i++)
            names[i] ??= Candidates(service.Methods[i].Name).First(taken.Add);
        return names.ToImmutableArray();
    }

    /// <summary>Says of which rpcs the names are others than usual.</summary>
    public static IEnumerable<Problem> Problems(ServiceModel service, Place place)
    {
        var names = Of(service);
        for (var i = 0; i < names.Count; i++)
        {
            var usual = Usual(service.Methods[i].Name);
            if (names[i] == usual)
                continue;

            var holder = service.Methods[Enumerable.Range(0, names.Count).First(other => names[other] == usual)].Name;
            yield return new Problem(Rules.OtherMethodName, place, service.Methods[i].Name, service.ServiceName, usual, names[i], holder);
        }
    }

    private static string Usual(string rpc)
    {
        var name = PascalCase.Of(rpc);
        return name.EndsWith(Async, StringComparison.Ordinal) ? name : name + Async;
    }

    private static IEnumerable<string> Candidates(string rpc)
    {
        yield return Usual(rpc);
        yield return rpc + Async;
        for (var number = 2; ; number++)
            yield return $"{rpc}{Async}{number}";
    }
}
