namespace Plugwire.Checking;

/// <summary>What breaks calls between two sides of a contract. The same table, with the reasons, is in docs/contract-rules.md.</summary>
internal static class ContractRules
{
    public const string ServiceMissing = "CONTRACT001";
    public const string MethodMissing = "CONTRACT002";
    public const string MethodKind = "CONTRACT003";
    public const string RequestMessage = "CONTRACT004";
    public const string ResponseMessage = "CONTRACT005";
    public const string FieldNumber = "CONTRACT006";
    public const string FieldType = "CONTRACT007";
    public const string FieldCardinality = "CONTRACT008";
    public const string FieldRequired = "CONTRACT009";
    public const string Oneof = "CONTRACT010";
    public const string EnumNumber = "CONTRACT011";
    public const string ReservedUse = "CONTRACT012";

    public static readonly IReadOnlyDictionary<string, string> Sentences = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [ServiceMissing] = "The service is not served: all its calls end with Unimplemented.",
        [MethodMissing] = "The method is not served: its calls end with Unimplemented.",
        [MethodKind] = "The method streams on one side and not on the other.",
        [RequestMessage] = "The method takes another message, which is not built like this one.",
        [ResponseMessage] = "The method answers another message, which is not built like this one.",
        [FieldNumber] = "The field has another number: what the one side sends, the other does not find.",
        [FieldType] = "The same bytes mean another value, or none.",
        [FieldCardinality] = "One side sends many values, of which the other keeps one or none.",
        [FieldRequired] = "One side refuses messages without the field, and the other may leave it out.",
        [Oneof] = "One side may set fields together of which the other keeps only the last.",
        [EnumNumber] = "The value has another number: the other side reads another value.",
        [ReservedUse] = "The number or the name was given up for good, and peers that still use it in its old meaning may be left.",
    };
}
