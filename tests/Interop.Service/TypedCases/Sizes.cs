namespace Plugwire.Interop.TypedCases;

/// <summary>Requests as enumerables, and responses as lists of sizes.</summary>
internal static class Sizes
{
    public static async IAsyncEnumerable<T> StreamAsync<T>(params T[] requests)
    {
        foreach (var request in requests)
        {
            await Task.Yield();
            yield return request;
        }
    }

    public static StreamingOutputCallRequest Request(int asked, int sent) =>
        new() { ResponseParameters = { new ResponseParameters { Size = asked } }, Payload = Payloads.Create(sent) };

    public static async Task<string> ReadAsync(IAsyncEnumerable<StreamingOutputCallResponse> responses)
    {
        var sizes = new List<int>();
        await foreach (var response in responses)
            sizes.Add(response.Payload.Body.Length);
        return string.Join(' ', sizes);
    }
}
