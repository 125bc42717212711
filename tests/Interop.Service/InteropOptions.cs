namespace Plugwire.Interop;

/// <summary>What a case may have to know of the pair it is run on.</summary>
public sealed record InteropOptions
{
    /// <summary>How long a case may take from its beginning to its end.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest message the client takes, in bytes: the case <c>unary_max_size</c> asks for one as long, and for one longer.</summary>
    public int MaxResponseSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>The longest message the server takes, in bytes.</summary>
    public int MaxRequestSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>Answers for each response that is received, in turn, whether it was compressed. Null when nobody can tell: then that is not checked.</summary>
    public Func<bool>? TakeResponseFlag { get; init; }

    /// <summary>Opens one more connection to the server; null where that cannot be, and then <c>channel_soak</c> fails.</summary>
    public Func<CancellationToken, ValueTask<InteropChannel>>? Connect { get; init; }

    /// <summary>How many calls a soak makes.</summary>
    public int SoakIterations { get; init; } = 100;

    /// <summary>How many calls of a soak may fail or be late.</summary>
    public int SoakMaxFailures { get; init; }

    /// <summary>How long one call of a soak may take before it counts as late.</summary>
    public TimeSpan SoakCallLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>By which limits and deadlines are measured.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
