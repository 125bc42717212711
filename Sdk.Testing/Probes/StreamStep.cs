namespace Plugwire.Testing.Probes;

/// <summary>What one read of a stream brought: a message, the end, or a failure.</summary>
internal readonly record struct StreamStep<T>(bool HasMessage, T Message, Exception? Failure)
{
    public static StreamStep<T> End => default;

    public bool IsEnd => !HasMessage && Failure is null;

    public static StreamStep<T> Of(T message) => new(true, message, null);

    public static StreamStep<T> Failed(Exception failure) => new(false, default!, failure);
}
