using System.Runtime.CompilerServices;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Plugwire.Testing.Transcripts;

namespace Plugwire.Testing;

/// <summary>
/// A recorded conversation: calls, and what was said in each, one line an event in the order in which the recorder saw them. Each side of it can be replayed to the other. Safe for use by several threads.
/// </summary>
/// <remarks>
/// <code>
/// # a comment
/// 1 call /examples.Greeter/Greet                         a call that was made; "serve" where it was handled; "from 1" where it was made from the handler of call 1
/// 1 header x-tenant: "blue"
/// 1 request {"name":"Ada"}
/// 1 end-of-requests                                      where requests are a stream
/// 1 response-header x-served-by: "me"
/// 1 response {"text":"Hello, Ada"}
/// 1 trailer x-cost: "3"
/// 1 status NotFound "no such name"                       or "cancel" where the caller let it go before the end
/// </code>
/// </remarks>
public sealed class Transcript
{
    private readonly IReadOnlyList<TranscriptLine> _lines;
    private readonly TranscriptOptions _options;

    internal Transcript(IReadOnlyList<TranscriptLine> lines, TranscriptOptions options)
    {
        _lines = lines;
        _options = options;
        Calls = TranscriptCall.In(lines);
    }

    internal IReadOnlyList<TranscriptCall> Calls { get; }

    /// <summary>Reads a transcript from a text.</summary>
    /// <param name="text">As <see cref="ToString"/> gives it.</param>
    /// <param name="options">With what it was recorded; null for the defaults.</param>
    /// <exception cref="FormatException">It is none; says in which line.</exception>
    public static Transcript Parse(string text, TranscriptOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Transcript(TranscriptText.Read(text), options ?? new TranscriptOptions());
    }

    /// <summary>Reads a transcript from a file.</summary>
    /// <param name="path">The file. A path that is not absolute begins in the directory of the source file that calls, or of the program where there are no sources.</param>
    /// <param name="options">With what it was recorded; null for the defaults.</param>
    /// <param name="sourceFile">The source file that calls; the compiler knows.</param>
    /// <exception cref="FileNotFoundException">There is no file.</exception>
    /// <exception cref="FormatException">It is no transcript; says in which line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Transcript Load(string path, TranscriptOptions? options = null, [CallerFilePath] string sourceFile = "") =>
        TranscriptFile.Read(TranscriptFile.Locate(path, sourceFile), options ?? new TranscriptOptions());

    /// <summary>
    /// Replays the caller: makes the recorded calls, in the order of the lines, and compares what comes back. Calls that were made from handlers are left to the handlers. A call that was let go is let go
    /// again.
    /// </summary>
    /// <param name="invoker">Calls to the plugin, or whoever answers.</param>
    /// <param name="services">The services of the calls: <c>Greeter.Descriptor</c>, of the classic stubs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ExpectationException">The answers are others: names the transcript's lines. Or one did not come within 30 s.</exception>
    /// <exception cref="ArgumentException">A call's method is in none of the services, or a request is none of it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task ReplayCallerAsync(CallInvoker invoker, IEnumerable<ServiceDescriptor> services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(invoker);
        ArgumentNullException.ThrowIfNull(services);
        var expected = Calls.Where(static call => call.Parent is null).ToArray();
        var found = await CallerReplay.RunAsync(_lines, expected, invoker, [.. services], _options, cancellationToken).ConfigureAwait(false);
        if (TranscriptComparison.Differences(expected, found.Calls, bySideToo: false) is { } differences)
            throw new ExpectationException($"The answers are others than in the transcript (-: expected, +: found).\n{differences}");
    }

    /// <summary>Replays the plugin: answers calls as it is recorded, and fails when the caller says something else.</summary>
    /// <returns>Takes the calls; its <see cref="TranscriptReplay.VerifyComplete"/> tells whether all were made.</returns>
    public TranscriptReplay ReplayPlugin() => new(Calls, _options);

    /// <summary>The transcript as text, as files have it.</summary>
    public override string ToString() => TranscriptText.Write(_lines);
}
