using Plugwire.Shapes;

namespace Plugwire.Checking;

/// <summary>
/// Compares a contract as one side has it with what the other serves, and finds what breaks calls between them: the other misreads, loses or refuses a value that both can
/// hold. Names count where nothing else tells what is meant; additions on either side are fine, as long as nothing of the other's is missing that is asked for.
/// </summary>
internal sealed class ContractComparer
{
    // Messages that hold each other are compared once for each way in which the two sides pair them. A stranger's can be made to pair without end.
    private const int MostPairs = 65_536;

    private readonly ContractShape _here;
    private readonly ContractShape _there;
    private readonly ContractComparison _result = new();
    private readonly MessageComparer _messages;
    private readonly Queue<(MessageShape Here, MessageShape There)> _waiting = new();
    private readonly HashSet<(string Here, string There)> _seen = [];
    private readonly HashSet<(string Here, string There)> _different = [];

    private ContractComparer(ContractShape here, ContractShape there, bool hereIsOlder)
    {
        _here = here;
        _there = there;
        _messages = new MessageComparer(here, there, hereIsOlder, _result, Pair);
    }

    /// <param name="serviceName">The service's full name.</param>
    /// <param name="here">The side that asks for the service, and has it.</param>
    /// <param name="there">The side that serves it.</param>
    /// <param name="hereIsOlder">Whether it is known that the one side has been before the other, as of a snapshot, so that its promises bind the other.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="BadContractException">A message is not described, or there is no end of them.</exception>
    public static ContractComparison Compare(
        string serviceName, ContractShape here, ContractShape there, bool hereIsOlder = false, CancellationToken cancellationToken = default)
    {
        var comparer = new ContractComparer(here, there, hereIsOlder);
        var asked = here.ServiceNamed(serviceName) ?? throw new BadContractException($"the service {serviceName} is not described.");
        if (there.ServiceNamed(serviceName) is { } served)
            comparer.Compare(asked, served, cancellationToken);
        else
            comparer._result.Add(ContractRules.ServiceMissing, serviceName, $"service {serviceName}", "no such service");
        return comparer._result;
    }

    private void Compare(ServiceShape here, ServiceShape there, CancellationToken cancellationToken)
    {
        var pairs = new List<(MethodShape Here, MethodShape There)>();
        foreach (var method in here.Methods)
        {
            if (there.MethodNamed(method.Name) is { } other)
            {
                CompareKind(here.FullName, method, other);
                pairs.Add((method, other));
            }
            else
            {
                _result.OnlyHere++;
                _result.Add(ContractRules.MethodMissing, $"{here.FullName}.{method.Name}", $"rpc {method.Name} ({method.Kind})", "no such method");
            }
        }

        _result.OnlyThere += there.Methods.Count(method => here.MethodNamed(method.Name) is null);
        foreach (var (method, other) in pairs)
        {
            Pair(method.Request, other.Request);
            Pair(method.Response, other.Response);
        }

        var found = _result.Differences.Count;
        CompareMessages(cancellationToken);
        foreach (var (method, other) in pairs)
        {
            AddMessage(ContractRules.RequestMessage, $"{here.FullName}.{method.Name}", "takes", method.Request, other.Request, ref found);
            AddMessage(ContractRules.ResponseMessage, $"{here.FullName}.{method.Name}", "answers", method.Response, other.Response, ref found);
        }
    }

    private void CompareKind(string service, MethodShape here, MethodShape there)
    {
        if (here.Kind != there.Kind)
            _result.Add(ContractRules.MethodKind, $"{service}.{here.Name}", here.Kind, there.Kind);
    }

    private void CompareMessages(CancellationToken cancellationToken)
    {
        while (_waiting.TryDequeue(out var pair))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var before = _result.Differences.Count;
            _messages.Compare(pair.Here, pair.There);
            if (_result.Differences.Count > before)
                _different.Add((pair.Here.FullName, pair.There.FullName));
        }
    }

    // A message may be called otherwise: the wire does not name it. Only where its fields differ too, another message is what the reader has to see first.
    private void AddMessage(string rule, string method, string verb, string here, string there, ref int index)
    {
        if (here != there && _different.Contains((here, there)))
            _result.Insert(index++, new ContractDifference(rule, method, $"{verb} {here}", $"{verb} {there}"));
    }

    private void Pair(string here, string there)
    {
        if ((here == there && WellKnownShapes.Has(here)) || !_seen.Add((here, there)))
            return;
        if (_seen.Count > MostPairs)
            throw new BadContractException($"more than {MostPairs} pairs of messages would have to be compared.");

        _waiting.Enqueue((_here.MessageNamed(here), _there.MessageNamed(there)));
    }
}
