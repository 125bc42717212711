using Examples.Scanning;
using Plugwire;

namespace Examples.Todos;

/// <summary>Finds what <c>LC_ALL=C grep -owE 'TODO|FIXME|HACK|XXX'</c> finds.</summary>
internal sealed class TodoInspectorService() : PatternInspector("todo-inspector")
{
    public static readonly IReadOnlyList<Pattern> Words =
    [
        new WordPattern("TODO", "Something is left to do."),
        new WordPattern("FIXME", "Something is known to be broken."),
        new WordPattern("HACK", "Something works by a trick."),
        new WordPattern("XXX", "Something needs attention."),
    ];

    protected override ValueTask<IReadOnlyList<Pattern>> GetPatternsAsync(CallContext call, CancellationToken cancellationToken) => new(Words);
}
