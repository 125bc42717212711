namespace Plugwire.Testing.Probes;

/// <summary>A stream of one message.</summary>
internal static class OneMessage
{
    public static async IAsyncEnumerable<T> Of<T>(ValueTask<T> message)
    {
        yield return await message.ConfigureAwait(false);
    }
}
