namespace Plugwire.Interop.TypedCases;

/// <summary>How a typed contract's caller hears of its own cancellation.</summary>
internal static class Cancelled
{
    public static async Task ExpectAsync(Task call, CancellationToken expected)
    {
        try
        {
            await call;
        }
        catch (OperationCanceledException exception)
        {
            Expect.Equal(expected, exception.CancellationToken, "The token of the cancellation");
            return;
        }

        throw new InteropException("A call that was cancelled was expected to end with an OperationCanceledException, and succeeded.");
    }
}
