using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Callbacks.Contract;

namespace Plugwire.EndToEnd.Tests.Callbacks;

/// <summary>Contracts that an application offers to its plugins by dependency injection.</summary>
public sealed class HostContractInApplicationTests : PluginTest
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Contract_OfAllPlugins_HasAnObjectOfItsOwnForEachCall()
    {
        using var application = Build(host => host
            .AddHostContract<IDesk, ScopedDesk>()
            .AddPlugin("one", Configure)
            .AddPlugin("two", Configure));
        var journal = application.Services.GetRequiredService<Journal>();
        var plugins = application.Services.GetRequiredService<PluginHost>();

        foreach (var name in new[] { "one", "two" })
        {
            var clerk = plugins.GetContract<IClerk>(name);
            Assert.Equal("answered", (await clerk.AnswerAsync(new Note(), cancellationToken: Token).AsTask().Within()).Text);
            Assert.Equal("gathered", (await clerk.GatherAsync(Notes(), cancellationToken: Token).AsTask().Within()).Text);
            Assert.Equal("dealt", Assert.Single(await ReadAsync(clerk.DealAsync(new Note { Number = 1 }, cancellationToken: Token)).Within()).Text);
            Assert.Equal("talked", Assert.Single(await ReadAsync(clerk.TalkAsync(Notes(), cancellationToken: Token)).Within()).Text);
        }

        // A call's scope may end a moment after its caller has the answer; when the plugins have ended, all have.
        await plugins.DisposeAsync().Within();
        await journal.AllDisposed.Within();
        Assert.Equal(8, journal.Made);
    }

    [Fact]
    public async Task Contract_RegisteredAsSingleton_IsThatObject()
    {
        using var application = Build(host =>
        {
            host.Services.AddSingleton<ScopedDesk>();
            host.AddPlugin("one", Configure).AddHostContract<IDesk, ScopedDesk>("one");
        });
        var clerk = application.Services.GetRequiredService<PluginHost>().GetContract<IClerk>("one");

        for (var i = 0; i < 3; i++)
            await clerk.AnswerAsync(new Note(), cancellationToken: Token).AsTask().Within();

        Assert.Equal(1, application.Services.GetRequiredService<Journal>().Made);
    }

    [Fact]
    public async Task Contract_OfOnePlugin_IsNotOfferedToAnother()
    {
        using var application = Build(host => host
            .AddPlugin("one", Configure)
            .AddPlugin("two", options =>
            {
                Configure(options);
                options.AddHostContract<IArchive>(new Archive());
            })
            .AddHostContract<IDesk, ScopedDesk>("one"));
        var plugins = application.Services.GetRequiredService<PluginHost>();

        Assert.Equal("answered", (await plugins.GetContract<IClerk>("one").TryAsync(new Note(), cancellationToken: Token).AsTask().Within()).Text);
        Assert.StartsWith("Unimplemented", (await plugins.GetContract<IClerk>("two").TryAsync(new Note(), cancellationToken: Token).AsTask().Within()).Text, StringComparison.Ordinal);
    }

    private IHost Build(Action<PluginHostBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<ILoggerFactory>(Log);
        builder.Services.AddSingleton<Journal>();
        configure(builder.Services.AddPluginHost());
        return builder.Build();
    }

    private void Configure(PluginOptions options)
    {
        var usual = Options(TestPrograms.Callback);
        options.FileName = usual.FileName;
        options.LaunchDirectoryRoot = usual.LaunchDirectoryRoot;
        (options.StartTimeout, options.ConnectTimeout, options.DrainTimeout) = (usual.StartTimeout, usual.ConnectTimeout, usual.DrainTimeout);
    }

    private static async IAsyncEnumerable<Note> Notes()
    {
        await Task.CompletedTask;
        yield return new Note();
    }

    private static async Task<List<Note>> ReadAsync(IAsyncEnumerable<Note> stream)
    {
        var all = new List<Note>();
        await foreach (var note in stream)
            all.Add(note);
        return all;
    }

    /// <summary>What was made for calls, and what of it is left.</summary>
    private sealed class Journal
    {
        private readonly ConcurrentDictionary<object, TaskCompletionSource> _made = new();

        public int Made => _made.Count;

        public Task AllDisposed => Task.WhenAll(_made.Values.Select(disposed => disposed.Task));

        public void NoteMade(object desk) => Assert.True(_made.TryAdd(desk, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));

        public void NoteDisposed(object desk) => _made[desk].SetResult();
    }

    private sealed class ScopedDesk : IDesk, IAsyncDisposable
    {
        private readonly Journal _journal;

        public ScopedDesk(Journal journal)
        {
            _journal = journal;
            journal.NoteMade(this);
        }

        public ValueTask<Note> AnswerAsync(Note request, CallContext call, CancellationToken cancellationToken) => new(new Note { Text = "answered" });

        public async ValueTask<Note> GatherAsync(IAsyncEnumerable<Note> requests, CallContext call, CancellationToken cancellationToken)
        {
            await foreach (var request in requests.WithCancellation(cancellationToken))
                Assert.NotNull(request);
            return new Note { Text = "gathered" };
        }

        public async IAsyncEnumerable<Note> DealAsync(
            Note request, CallContext call, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield return new Note { Text = "dealt" };
        }

        public async IAsyncEnumerable<Note> TalkAsync(
            IAsyncEnumerable<Note> requests, CallContext call, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var request in requests.WithCancellation(cancellationToken))
                yield return new Note { Text = "talked", Number = request.Number };
        }

        public ValueTask DisposeAsync()
        {
            _journal.NoteDisposed(this);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Archive : IArchive
    {
        public ValueTask<Note> FetchAsync(Note request, CallContext call, CancellationToken cancellationToken) => new(request);
    }
}
