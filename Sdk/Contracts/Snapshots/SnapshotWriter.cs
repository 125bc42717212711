using System.Globalization;
using System.Text;
using Plugwire.Checking;
using Plugwire.Shapes;

namespace Plugwire.Snapshots;

/// <summary>Writes a contract as text: always the same for what is the same on the wire, in lines that a reviewer reads like a .proto.</summary>
internal static class SnapshotWriter
{
    /// <param name="serviceName">The contract's service.</param>
    /// <param name="contract">Has it, and maybe more, which is left out.</param>
    /// <exception cref="BadContractException">Something that the service needs is not described.</exception>
    public static string Write(string serviceName, ContractShape contract)
    {
        var reached = contract.ReachableFrom(serviceName);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"// The contract {serviceName}, as hosts and plugins were built with it. ContractSnapshot wrote this file and compares with it.\n");
        AppendService(text, reached.ServiceNamed(serviceName)!);
        foreach (var message in reached.Messages.Where(message => !message.IsMapEntry).OrderBy(message => message.FullName, StringComparer.Ordinal))
            AppendMessage(text, message, reached);
        foreach (var shape in reached.Enums.OrderBy(shape => shape.FullName, StringComparer.Ordinal))
            AppendEnum(text, shape);
        return text.ToString();
    }

    private static void AppendService(StringBuilder text, ServiceShape service)
    {
        Open(text, "service", service.FullName);
        foreach (var method in service.Methods)
        {
            var request = (method.StreamsRequests ? "stream " : "") + ProtoText.Qualified(method.Request);
            var response = (method.StreamsResponses ? "stream " : "") + ProtoText.Qualified(method.Response);
            text.Append(CultureInfo.InvariantCulture, $"  rpc {method.Name}({request}) returns ({response});\n");
        }

        text.Append("}\n");
    }

    private static void AppendMessage(StringBuilder text, MessageShape message, ContractShape contract)
    {
        Open(text, "message", message.FullName);
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in message.Fields)
        {
            if (field.Oneof is not { } oneof)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {ProtoText.Of(field, contract)};\n");
            }
            else if (written.Add(oneof))
            {
                text.Append(CultureInfo.InvariantCulture, $"  oneof {oneof} {{\n");
                foreach (var member in message.Fields.Where(member => member.Oneof == oneof))
                    text.Append(CultureInfo.InvariantCulture, $"    {ProtoText.Of(member, contract)};\n");
                text.Append("  }\n");
            }
        }

        Close(text, message.Reserved);
    }

    private static void AppendEnum(StringBuilder text, EnumShape shape)
    {
        Open(text, "enum", shape.FullName);
        foreach (var value in shape.Values)
            text.Append(CultureInfo.InvariantCulture, $"  {value.Name} = {value.Number};\n");
        Close(text, shape.Reserved);
    }

    private static void Open(StringBuilder text, string keyword, string fullName) =>
        text.Append(CultureInfo.InvariantCulture, $"\n{keyword} {ProtoText.Qualified(fullName)} {{\n");

    private static void Close(StringBuilder text, ReservedShape reserved)
    {
        foreach (var range in reserved.Numbers.Order(Comparer<NumberRange>.Create((one, other) => (one.First, one.Last).CompareTo((other.First, other.Last)))))
        {
            text.Append(CultureInfo.InvariantCulture, $"  reserved {range.First}");
            if (range.Last != range.First)
                text.Append(CultureInfo.InvariantCulture, $" to {range.Last}");
            text.Append(";\n");
        }

        foreach (var name in reserved.Names.Order(StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"  reserved \"{name}\";\n");
        text.Append("}\n");
    }
}
