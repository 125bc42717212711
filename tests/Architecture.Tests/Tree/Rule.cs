namespace Plugwire.Architecture.Tests.Tree;

/// <summary>What a broken rule says is read by whoever broke it: every violation in full, where xunit would cut a long list.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> violations)
    {
        var found = violations.ToArray();
        if (found.Length > 0)
            Assert.Fail($"{found.Length} found:\n{string.Join('\n', found)}");
    }
}
