using System.CommandLine;
using System.CommandLine.Parsing;

namespace Plugwire.Testing.Command;

/// <summary>The options that all runs have.</summary>
internal static class CaseOptions
{
    public static Option<string?> JUnit() => new("--junit") { Description = "Writes the report to a file, as JUnit XML.", HelpName = "file" };

    public static Option<string?> Filter() => new("--filter") { Description = "Runs only the case of this id, or the cases of this group.", HelpName = "id" };

    public static Option<string?> Revision(IReadOnlyList<string> revisions) =>
        new("--revision") { Description = $"The revision of the requirements: {string.Join(", ", revisions)}. The latest when none is given.", HelpName = "revision" };

    public static Option<string?> Cookie(string whose)
    {
        var cookie = new Option<string?>("--cookie") { Description = whose + ", as KEY=VALUE; that of applications that choose none when none is given.", HelpName = "cookie" };
        cookie.Validators.Add(RequireAssignment);
        return cookie;
    }

    public static Option<bool> List() => new("--list") { Description = "Lists the cases with their requirements, and runs none." };

    private static void RequireAssignment(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.IndexOf('=', StringComparison.Ordinal) is var at && (at <= 0 || at == token.Value.Length - 1))
                result.AddError($"--cookie takes KEY=VALUE: '{token.Value}' is none.");
        }
    }
}
