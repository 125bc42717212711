using System.Text;

namespace Plugwire.Contracts.Generator.Naming;

/// <summary>Names as C# writes them.</summary>
internal static class PascalCase
{
    /// <summary>
    /// Each part between underscores begins with a capital, the rest stays as it is: <c>get_HTTP_status</c> becomes <c>GetHTTPStatus</c>. An underscore that nothing else
    /// could stand for stays.
    /// </summary>
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length);
        var begins = true;
        foreach (var character in name)
        {
            if (character != '_')
                text.Append(begins ? char.ToUpperInvariant(character) : character);
            begins = character == '_';
        }

        return text.Length == 0 ? name : char.IsDigit(text[0]) ? $"_{text}" : text.ToString();
    }
}
