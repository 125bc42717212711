using Grpc.Core;
using Plugwire.Testing.Fakes.Local;

namespace Plugwire.Testing.Fakes;

/// <summary>Finds the method that a test means by <c>c => c.ListWordsAsync</c>: it is called once on a client that calls nothing.</summary>
internal static class MethodPick
{
    /// <summary>A method of a contract.</summary>
    /// <param name="type">The kind of call.</param>
    /// <param name="call">Calls on the client what the test has picked, with a message; the task has ended when it returns.</param>
    /// <exception cref="ArgumentException">No method of the contract was called. Says which there are.</exception>
    public static Method<TRequest, TResponse> OfContract<TContract, TRequest, TResponse>(MethodType type, Func<TContract, TRequest, Task> call)
        where TContract : class, IContract<TContract>
        where TRequest : class
        where TResponse : class
    {
        var definition = TContract.Definition;
        var sample = definition.Methods.Select(method => method.Method).OfType<Method<TRequest, TResponse>>().FirstOrDefault(method => method.Type == type)
            ?? throw Refusal(definition);
        var invoker = new PickingInvoker();
        Observe(() => call(definition.CreateClient(invoker), MessageBytes.Read(sample.RequestMarshaller, [])));
        return invoker.Picked is Method<TRequest, TResponse> picked && picked.ServiceName == definition.ServiceName ? picked : throw Refusal(definition);
    }

    /// <summary>A method of a classic client.</summary>
    /// <param name="client">Makes the client.</param>
    /// <param name="call">Calls on it what the test has picked.</param>
    /// <exception cref="ArgumentException">No method of the client was called.</exception>
    public static Method<TRequest, TResponse> OfClient<TClient, TRequest, TResponse>(Func<CallInvoker, TClient> client, Action<TClient> call)
        where TRequest : class
        where TResponse : class
    {
        var invoker = new PickingInvoker();
        Observe(() =>
        {
            call(client(invoker));
            return Task.CompletedTask;
        });
        return invoker.Picked as Method<TRequest, TResponse> ?? throw new ArgumentException(
            $"The lambda is expected to pick a method of {typeof(TClient).Name} itself, as c => c.SayHelloAsync does, and the client was not called.", nameof(call));
    }

    // A generated client tells by an exception, at once or in a task, that there is nobody to call.
    private static void Observe(Func<Task> call)
    {
        try
        {
            _ = call().Exception;
        }
        catch (PickingInvoker.PickedException)
        {
        }
    }

    private static ArgumentException Refusal<TContract>(ContractDefinition<TContract> definition)
        where TContract : class, IContract<TContract> => new(
            $"The lambda is expected to pick a method of {typeof(TContract).Name} itself, as c => c.{definition.Methods[0].Method.Name}Async does, and it does not call one. " +
            $"The contract has these: {string.Join(", ", definition.Methods.Select(method => $"{method.Method.Name} ({method.Method.Type})"))}.");
}
