using System.Globalization;
using Plugwire.Shapes;

namespace Plugwire.Checking;

/// <summary>
/// Compares two enums. A number is what travels and a name is what is meant: a name with another number breaks. A number with another name is a value that was renamed, and a
/// value on one side alone is an addition.
/// </summary>
internal sealed class EnumComparer(ContractShape hereContract, ContractShape thereContract, bool hereIsOlder, ContractComparison result)
{
    private readonly HashSet<(string Here, string There)> _seen = [];

    public void Compare(string hereName, string thereName)
    {
        if ((hereName == thereName && WellKnownShapes.Has(hereName)) || !_seen.Add((hereName, thereName)))
            return;

        var (here, there) = (hereContract.EnumNamed(hereName), thereContract.EnumNamed(thereName));
        var suffix = hereName == thereName ? "" : $" in {thereName}";
        foreach (var value in here.Values)
        {
            if (there.NumberOf(value.Name) is { } number && number != value.Number)
                result.Add(ContractRules.EnumNumber, $"{hereName}.{value.Name}", Text(value), Text(value with { Number = number }) + suffix);
            if (!there.Has(value.Number))
                result.OnlyHere++;
        }

        foreach (var value in there.Values)
        {
            if (here.Has(value.Number))
                continue;

            result.OnlyThere++;
            if (hereIsOlder && here.NumberOf(value.Name) is null && here.Reserved.Contains(value.Name, value.Number))
                result.Add(ContractRules.ReservedUse, $"{hereName}.{value.Name}", "reserved", Text(value) + suffix);
        }
    }

    private static string Text(EnumValueShape value) => string.Create(CultureInfo.InvariantCulture, $"{value.Name} = {value.Number}");
}
