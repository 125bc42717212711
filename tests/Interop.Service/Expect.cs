using Grpc.Core;

namespace Plugwire.Interop;

/// <summary>What a case looks at. Each failure is one exception that says what was expected and what was found.</summary>
internal static class Expect
{
    public static void Equal<T>(T expected, T found, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
            throw new InteropException($"{what}: expected {Text(expected)}, found {Text(found)}.");
    }

    public static void True(bool found, string expected, string otherwise)
    {
        if (!found)
            throw new InteropException($"Expected {expected}, found {otherwise}.");
    }

    public static void Size(int expected, Payload? payload, string what) => Equal(expected, payload?.Body.Length ?? 0, $"The size of {what} in bytes");

    /// <summary>The call fails with this code, and with this text if one is given.</summary>
    public static async Task<RpcException> FailureAsync(Task call, StatusCode code, string? detail = null)
    {
        try
        {
            await call;
        }
        catch (RpcException exception)
        {
            Equal(code, exception.StatusCode, $"The code of a call that ended with {exception.Status}");
            if (detail is not null)
                Equal(detail, exception.Status.Detail, "The text of the status");
            return exception;
        }

        throw new InteropException($"A call was expected to fail with {code}, and succeeded.");
    }

    /// <summary>One more response.</summary>
    public static async Task<T> NextAsync<T>(IAsyncStreamReader<T> responses, string what, CancellationToken cancellationToken)
    {
        True(await responses.MoveNext(cancellationToken), what, "the end of the responses");
        return responses.Current;
    }

    /// <summary>No more responses.</summary>
    public static async Task EndAsync<T>(IAsyncStreamReader<T> responses, CancellationToken cancellationToken) =>
        True(!await responses.MoveNext(cancellationToken), "the end of the responses", "one more response");

    /// <summary>Whether the response that came last was compressed, where that can be told.</summary>
    public static void ResponseFlag(InteropRun run, bool expected)
    {
        if (run.Options.TakeResponseFlag is { } take)
            Equal(expected, take(), "Whether the response was compressed");
    }

    private static string Text<T>(T value) => value is string text ? $"'{text}'" : value?.ToString() ?? "nothing";
}
