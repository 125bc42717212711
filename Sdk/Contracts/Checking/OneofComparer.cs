using System.Globalization;
using Plugwire.Shapes;

namespace Plugwire.Checking;

/// <summary>
/// Finds fields of which one side sets at most one, and the other several: who keeps one of them loses the rest. A field that moves into a oneof where
/// the other side knows none of its fields moves freely.
/// </summary>
internal static class OneofComparer
{
    public static void Compare(
        MessageShape here, IReadOnlyList<(FieldShape Here, FieldShape There)> counterparts, ContractComparison result)
    {
        Compare(here, counterparts, static pair => pair.Here, static pair => pair.There, result);
        Compare(here, counterparts, static pair => pair.There, static pair => pair.Here, result);
    }

    private static void Compare(
        MessageShape message,
        IReadOnlyList<(FieldShape Here, FieldShape There)> counterparts,
        Func<(FieldShape Here, FieldShape There), FieldShape> choosing,
        Func<(FieldShape Here, FieldShape There), FieldShape> other,
        ContractComparison result)
    {
        foreach (var oneof in counterparts.Where(pair => choosing(pair).Oneof is not null).GroupBy(pair => choosing(pair).Oneof!, StringComparer.Ordinal))
        {
            if (IsSplit([.. oneof.Select(other)]))
                result.Add(ContractRules.Oneof, $"{message.FullName}.{oneof.Key}", Text(oneof.Select(pair => pair.Here)), Text(oneof.Select(pair => pair.There)));
        }
    }

    private static bool IsSplit(FieldShape[] fields) => Array.Exists(fields, field => field.Oneof is null || field.Oneof != fields[0].Oneof) && fields.Length > 1;

    private static string Text(IEnumerable<FieldShape> fields) =>
        string.Join(", ", fields.GroupBy(field => field.Oneof).Select(group => Text(group.Key, string.Join(", ", group.Select(Name)))));

    private static string Text(string? oneof, string names) => oneof is null ? names : $"oneof {oneof} {{ {names} }}";

    private static string Name(FieldShape field) => string.Create(CultureInfo.InvariantCulture, $"{field.Name} = {field.Number}");
}
