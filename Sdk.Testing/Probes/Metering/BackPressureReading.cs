using Plugwire.Testing.Probes;

namespace Plugwire.Testing;

/// <summary>What a writer had got rid of when its reader's stop held it up.</summary>
/// <param name="Messages">How many messages; not the one that it was held up with.</param>
/// <param name="Bytes">Their bytes on the wire: serialized, each with the five bytes that gRPC puts before a message.</param>
public sealed record BackPressureReading(long Messages, long Bytes)
{
    /// <summary>That it was not more than this. A stream's window is 256 KiB unless it has been set otherwise, and what the reader took before it stopped comes on top.</summary>
    /// <param name="bytes">The bound, in bytes.</param>
    /// <returns>The same reading.</returns>
    /// <exception cref="ExpectationException">It was more.</exception>
    public BackPressureReading ExpectAtMost(long bytes) => Bytes <= bytes ? this : throw new ExpectationException(
        $"A writer whose reader has stopped was expected to get rid of {MessageText.Count(bytes, "byte")} at most before it is held up, and it got rid of {MessageText.Count(Bytes, "byte")} in " +
        $"{MessageText.Count(Messages, "message")}. Somebody on the way keeps more than that, or the reader had taken more before it stopped.");
}
