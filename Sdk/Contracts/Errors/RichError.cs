using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Plugwire;

/// <summary>
/// Errors with details beside code and message, as gRPC's richer error model has them: messages of any type, in a <c>google.rpc.Status</c> that travels in the trailer
/// <c>grpc-status-details-bin</c>. Every gRPC library that knows the model reads them, and writes what is read here.
/// </summary>
/// <remarks>
/// Which messages is up to the contract: its own, declared in its .proto, or the standard ones (<c>google.rpc.ErrorInfo</c>, <c>BadRequest</c>, <c>RetryInfo</c>), which
/// the package Google.Api.CommonProtos has ready-made. Trailers are small: with Plugwire's wire at most 16 KiB, all of a call's together.
/// </remarks>
/// <example>
/// A handler throws, and a caller reads:
/// <code>
/// throw RichError.Create(StatusCode.InvalidArgument, "The rule is not valid.", new RuleProblem { Line = 3, Column = 14 });
///
/// catch (RpcException exception) when (exception.TryGetDetail&lt;RuleProblem&gt;(out var problem))
/// {
///     editor.Mark(problem.Line, problem.Column);
/// }
/// </code>
/// </example>
public static class RichError
{
    private const string TrailerName = "grpc-status-details-bin";

    /// <summary>Makes an exception for a handler to throw.</summary>
    /// <param name="statusCode">What kind of failure it is; not <see cref="StatusCode.OK"/>.</param>
    /// <param name="message">For the people who develop the caller.</param>
    /// <param name="details">For the caller's code. They are read now; none is kept.</param>
    /// <returns>The exception. Further trailers can be added to it.</returns>
    /// <exception cref="ArgumentNullException">There is no message, or a detail is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The code is OK, which is no failure.</exception>
    public static RpcException Create(StatusCode statusCode, string message, params IMessage[] details)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(details);
        ArgumentOutOfRangeException.ThrowIfEqual((int)statusCode, (int)StatusCode.OK, nameof(statusCode));
        var status = new Errors.Details.Status { Code = (int)statusCode, Message = message };
        foreach (var detail in details)
            status.Details.Add(Any.Pack(detail ?? throw new ArgumentNullException(nameof(details), "A detail is null.")));
        return new RpcException(new Status(statusCode, message), new Metadata { { TrailerName, status.ToByteArray() } }, message);
    }

    /// <summary>Reads all details of a failure, of whatever types.</summary>
    /// <param name="exception">What a call failed with.</param>
    /// <returns>The details in their order; none if there are none, or if they cannot be read.</returns>
    public static IReadOnlyList<Any> GetDetails(this RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception.Trailers.GetValueBytes(TrailerName) is not { } bytes)
            return [];

        try
        {
            return Errors.Details.Status.Parser.ParseFrom(bytes).Details;
        }
        catch (InvalidProtocolBufferException)
        {
            // Of a failure that is told badly the failure is what counts; its trailers still have the bytes.
            return [];
        }
    }

    /// <summary>Reads the first detail of one type.</summary>
    /// <typeparam name="TDetail">The detail's type.</typeparam>
    /// <param name="exception">What a call failed with.</param>
    /// <param name="detail">The detail, if there is one that can be read.</param>
    /// <returns>Whether there is.</returns>
    public static bool TryGetDetail<TDetail>(this RpcException exception, [NotNullWhen(true)] out TDetail? detail)
        where TDetail : class, IMessage<TDetail>, new()
    {
        var message = new TDetail();
        foreach (var any in exception.GetDetails())
        {
            if (!any.Is(message.Descriptor))
                continue;

            try
            {
                message.MergeFrom(any.Value);
                detail = message;
                return true;
            }
            catch (InvalidProtocolBufferException)
            {
                message = new TDetail();
            }
        }

        detail = null;
        return false;
    }
}
