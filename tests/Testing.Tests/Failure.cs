namespace Plugwire.Testing.Tests;

/// <summary>The failures of checks.</summary>
internal static class Failure
{
    /// <summary>That a disposal finds something.</summary>
    public static async Task<ExpectationException> OfDisposalAsync(IAsyncDisposable disposable) =>
        await Assert.ThrowsAsync<ExpectationException>(() => disposable.DisposeAsync().AsTask().Within());
}
