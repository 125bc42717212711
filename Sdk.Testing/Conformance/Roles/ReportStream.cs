using System.Text;

namespace Plugwire.Testing.Conformance.Roles;

/// <summary>One end of the connection between the kit and its plugin.</summary>
/// <param name="stream">Owned from here on.</param>
internal sealed class ReportStream(Stream stream) : IAsyncDisposable
{
    private readonly StreamReader _reader = new(stream, Encoding.ASCII);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Says something. Safe for use by several threads.</summary>
    /// <exception cref="IOException">The other side is gone.</exception>
    public async Task SayAsync(string word, string detail = "")
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(detail.Length == 0 ? word + "\n" : $"{word} {Uri.EscapeDataString(detail)}\n"), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What the other side says next; null when it is gone.</summary>
    public async ValueTask<(string Word, string Detail)?> ReadAsync()
    {
        try
        {
            return await _reader.ReadLineAsync().ConfigureAwait(false) is not { } line ? null
                : line.Split(' ', 2) is [var word, var detail] ? (word, Uri.UnescapeDataString(detail))
                : (line, "");
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // First: that ends a read.
        await stream.DisposeAsync().ConfigureAwait(false);
        _reader.Dispose();
        _turn.Dispose();
    }
}
