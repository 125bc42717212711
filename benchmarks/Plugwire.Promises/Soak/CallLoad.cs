using Grpc.Core;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.Promises.Soak;

/// <summary>Calls of all four kinds, one after the other, each checked to its end: right answers, all of them and no more, or a failure and nothing behind it.</summary>
internal sealed class CallLoad(Func<Kinds.KindsClient> client, CallLedger ledger, Random random)
{
    private const int HeldKind = 4;
    private const int MostMessages = 20;

    // Well above what the plugin's end, or the host's giving it up, takes: only a call that nobody ends gets there.
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(90);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            // A plugin that cannot be called fails a call at once: without a pause there would be little else in the books.
            if (!await CallAsync())
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200)), TimeProvider.System, CancellationToken.None);
            else if (random.Next(4) == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20)), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<bool> CallAsync()
    {
        // One in sixteen is held: it takes as long as dozens of others.
        var kind = random.Next(16) == 0 ? HeldKind : random.Next(4);
        var messages = random.Next(1, MostMessages);
        using var cancellation = random.Next(8) == 0 ? new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(50)), TimeProvider.System) : new CancellationTokenSource();
        var call = new CallOptions(cancellationToken: cancellation.Token);
        if (random.Next(8) == 0)
            call = call.WithDeadline(TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromMilliseconds(random.Next(1, 2000)));
        if (random.Next(3) == 0)
            call = call.WithWaitForReady();
        var name = kind switch { 0 => "unary", 1 => "client stream", 2 => "server stream", 3 => "duplex", _ => "unary that is held" };
        var number = ledger.Begin(name);
        try
        {
            var going = kind switch
            {
                0 => UnaryAsync(number, call),
                1 => ClientStreamAsync(number, messages, call),
                2 => ServerStreamAsync(number, messages, call),
                3 => DuplexAsync(number, messages, call),
                _ => HeldAsync(call),
            };
            await going.WaitAsync(Lost, TimeProvider.System, CancellationToken.None);
            ledger.Succeed(number);
            return true;
        }
        catch (TimeoutException)
        {
            // It stays in the books as one without an end.
            ledger.Complain($"call {number}, {name}, had no end within {Lost.TotalSeconds} s");
        }
        catch (Exception failure)
        {
            ledger.Fail(number, failure);
        }

        return false;
    }

    private async Task UnaryAsync(long number, CallOptions options)
    {
        var text = Text(number, 0);
        Check(number, text, await client().UnaryAsync(new Note { Text = text }, options));
    }

    private async Task HeldAsync(CallOptions options)
    {
        // Nobody but its deadline, its caller, or the end of the plugin ends it.
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromMilliseconds(random.Next(1, 3000));
        await client().UnaryAsync(new Note { Hold = random.Next(2) == 0 ? Hold.ForGood : Hold.UntilCancelled }, options.Deadline is null ? options.WithDeadline(deadline) : options);
    }

    private async Task ClientStreamAsync(long number, int messages, CallOptions options)
    {
        using var call = client().ClientStream(options);
        try
        {
            for (var i = 0; i < messages; i++)
                await call.RequestStream.WriteAsync(new Note { Text = Text(number, i), Number = 1 }, CancellationToken.None);
            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The answer says why.
        }

        var answer = await call.ResponseAsync;
        Check(number, Text(number, messages - 1), answer);
        if (answer.Number != messages)
            ledger.Complain($"call {number}, client stream: {answer.Number} of {messages} messages arrived");
    }

    private async Task ServerStreamAsync(long number, int messages, CallOptions options)
    {
        using var call = client().ServerStream(new Note { Text = Text(number, 0), Number = messages }, options);
        var read = 0;
        while (await NextAsync(number, call.ResponseStream))
        {
            Check(number, Text(number, 0), call.ResponseStream.Current);
            if (call.ResponseStream.Current.Number != read++)
                ledger.Complain($"call {number}, server stream: message {call.ResponseStream.Current.Number} in place of {read - 1}");
        }

        if (read != messages)
            ledger.Complain($"call {number}, server stream: {read} of {messages} messages, and then an end in order");
    }

    private async Task DuplexAsync(long number, int messages, CallOptions options)
    {
        using var call = client().Duplex(options);
        for (var i = 0; i < messages; i++)
        {
            try
            {
                await call.RequestStream.WriteAsync(new Note { Text = Text(number, i) }, CancellationToken.None);
            }
            catch (RpcException)
            {
                // What is read says why.
            }

            if (!await NextAsync(number, call.ResponseStream))
            {
                ledger.Complain($"call {number}, duplex: an end in order after {i} of {messages} messages");
                return;
            }

            Check(number, Text(number, i), call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        if (await NextAsync(number, call.ResponseStream))
            ledger.Complain($"call {number}, duplex: more messages than were sent");
    }

    // A stream that has failed is over: it has no message, and no second end, behind that.
    private async Task<bool> NextAsync(long number, IAsyncStreamReader<Note> stream)
    {
        try
        {
            return await stream.MoveNext(CancellationToken.None);
        }
        catch (RpcException failure)
        {
            try
            {
                ledger.Complain($"call {number} had {(await stream.MoveNext(CancellationToken.None) ? "a message" : "an end in order")} after it had failed");
            }
            catch (RpcException again) when (again.StatusCode == failure.StatusCode)
            {
                // The same once more.
            }

            throw;
        }
    }

    private void Check(long number, string expected, Note answer)
    {
        if (answer.Text != expected)
            ledger.Complain($"call {number} was answered with '{answer.Text}' in place of '{expected}'");
    }

    private static string Text(long number, int message) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number}.{message}");
}
