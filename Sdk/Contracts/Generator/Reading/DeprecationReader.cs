using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Plugwire.Contracts.Generator.Reading;

/// <summary>Reads what the .proto calls deprecated out of the attribute that Grpc.Tools makes of it.</summary>
internal static class DeprecationReader
{
    public static bool IsObsolete(MemberDeclarationSyntax member) =>
        member.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == "global::System.ObsoleteAttribute");
}
