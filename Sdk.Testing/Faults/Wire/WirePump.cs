namespace Plugwire.Testing.Faults.Wire;

/// <summary>Carries the bytes of one direction from where they come to where they go, as the rules have it. It takes no more before what it has is gone, so that a reader who stops stops the writer.</summary>
internal sealed class WirePump(Stream source, Stream target, WireRules rules, TimeProvider timeProvider)
{
    private const int BufferSize = 16 * 1024;

    private readonly WireScanner _scanner = new();
    private readonly byte[] _buffer = new byte[BufferSize];

    /// <summary>Ends with the source, with the target, with a cut, or by the token. Never throws.</summary>
    public async Task<WireEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<int>? reading = null;
        try
        {
            while (true)
            {
                var changed = rules.Changed;
                if (rules.TakeCut())
                    return new WireEnd(WireEndKind.Cut);
                if (rules.IsBlackHole)
                {
                    await changed.WaitAsync(over.Token).ConfigureAwait(false);
                    continue;
                }

                if (await TryInjectAsync(over.Token).ConfigureAwait(false) is { } broken)
                    return broken;
                reading ??= source.ReadAsync(_buffer, over.Token).AsTask();
                if (await Task.WhenAny(reading, changed).ConfigureAwait(false) != reading)
                    continue;

                var count = await reading.ConfigureAwait(false);
                reading = null;
                if (count == 0)
                    return new WireEnd(WireEndKind.Source);
                if (await PassAsync(_buffer.AsMemory(0, count), over.Token).ConfigureAwait(false) is { } end)
                    return end;
            }
        }
        catch (OperationCanceledException)
        {
            return new WireEnd(WireEndKind.Given);
        }
        catch (Exception failure)
        {
            return new WireEnd(WireEndKind.Source, failure);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            if (reading is not null)
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Null when all has passed.</returns>
    private async ValueTask<WireEnd?> PassAsync(Memory<byte> bytes, CancellationToken cancellationToken)
    {
        // What has been judged is written in one piece, as far as nothing comes between.
        var judged = 0;
        while (judged < bytes.Length)
        {
            var comesBetween = rules.IsBlackHole || rules.IsCutDue || (_scanner.IsBetweenFrames && rules.HasInjection);
            var step = comesBetween ? default : _scanner.Next(bytes.Span[judged..]);
            var delay = step.FrameBegins ? rules.NextDelay() : TimeSpan.Zero;
            if (comesBetween || delay > TimeSpan.Zero)
            {
                if (await TryWriteAsync(bytes[..judged], cancellationToken).ConfigureAwait(false) is { } broken)
                    return broken;
                (bytes, judged) = (bytes[judged..], 0);
            }

            if (comesBetween)
            {
                if (await WaitInBlackHoleAsync(cancellationToken).ConfigureAwait(false) is { } cut)
                    return cut;
                if (await TryInjectAsync(cancellationToken).ConfigureAwait(false) is { } broken)
                    return broken;
                continue;
            }

            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, timeProvider, cancellationToken).ConfigureAwait(false);

            var verdict = rules.Judge(step);
            if (verdict.IsCorrupted)
                bytes.Span[judged] ^= byte.MaxValue;
            judged += verdict.Length;
            if (verdict.IsCut)
                return await TryWriteAsync(bytes[..judged], cancellationToken).ConfigureAwait(false) ?? new WireEnd(WireEndKind.Cut);
        }

        return await TryWriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<WireEnd?> WaitInBlackHoleAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = rules.Changed;
            if (rules.TakeCut())
                return new WireEnd(WireEndKind.Cut);
            if (!rules.IsBlackHole)
                return null;
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<WireEnd?> TryInjectAsync(CancellationToken cancellationToken)
    {
        while (_scanner.IsBetweenFrames && rules.TryTakeInjection(out var injection))
        {
            if (await TryWriteAsync(injection.Bytes, cancellationToken).ConfigureAwait(false) is { } broken)
                return broken;
            injection.NoteWritten();
        }

        return null;
    }

    private async ValueTask<WireEnd?> TryWriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                var piece = rules.IsSliced ? bytes[..1] : bytes;
                await target.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                bytes = bytes[piece.Length..];
            }

            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new WireEnd(WireEndKind.Target, failure);
        }
    }
}
