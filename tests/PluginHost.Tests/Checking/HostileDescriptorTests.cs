using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Supervising;
using Plugwire.Wire.Services.Reflection;
using static Plugwire.Wire.Services.Reflection.ServerReflectionRequest;

namespace Plugwire.Hosting.Tests.Checking;

/// <summary>Plugins whose reflection service lies, floods, hangs or dies: a start fails in time, says why, and leaves nothing.</summary>
public sealed class HostileDescriptorTests
{
    private readonly ScriptedReflection _reflection = new(ScriptedReflection.AsTheHostHasThem);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Descriptors_ThatCannotBeParsed_AreRefused()
    {
        AnswerFiles(ByteString.CopyFrom(0xFF, 0xFF, 0xFF));

        await AssertBadAsync("its descriptors cannot be parsed");
    }

    [Fact]
    public async Task Answer_ThatIsNoMessage_IsRefused()
    {
        _reflection.AnswerBytes = request => [0xFF, 0xFF, 0xFF];

        await AssertBadAsync("could not be parsed as ServerReflectionResponse");
    }

    [Fact]
    public async Task Answer_OfMoreThanTheLimit_IsRefused()
    {
        AnswerFiles(ByteString.CopyFrom(new byte[5 * 1024 * 1024]));

        await AssertBadAsync("At most 4194304 bytes are taken.");
    }

    [Fact]
    public async Task Descriptors_OfMoreThanTheLimit_AreRefused()
    {
        _reflection.Answer = request => request.MessageRequestCase == MessageRequestOneofCase.FileByFilename
            ? Files(Filler(request.FileByFilename, "next-" + request.FileByFilename, bytes: 1_500_000))
            : _reflection.AnswerHonestly(request);

        await AssertBadAsync("its descriptors have more than 4194304 bytes.");
    }

    [Fact]
    public async Task Descriptors_OfFilesWithoutEnd_AreRefused()
    {
        var count = 0;
        _reflection.Answer = request => request.MessageRequestCase == MessageRequestOneofCase.FileByFilename
            ? Files(Filler(request.FileByFilename, string.Create(CultureInfo.InvariantCulture, $"f{++count}.proto"), bytes: 0))
            : _reflection.AnswerHonestly(request);

        await AssertBadAsync("its descriptors have more than 1000 files.");
    }

    [Fact]
    public async Task Descriptors_OfImportsThatAreNotThere_EndAtTheSameLimit()
    {
        for (var i = 0; i < 2_000; i++)
            _reflection.Files[0].Dependency.Add(string.Create(CultureInfo.InvariantCulture, $"f{i}.proto"));

        await AssertBadAsync("its descriptors have more than 1000 files.");
    }

    [Fact]
    public async Task Descriptors_OfAnotherService_AreRefused()
    {
        AnswerFiles(_reflection.Files[1].ToByteString());

        await AssertBadAsync("answers for plugwire.tests.catalog.v1.Catalog by files that do not describe it.");
    }

    [Fact]
    public async Task Descriptors_WithoutAMessageThatIsUsed_AreRefusedByItsName()
    {
        _reflection.Files.RemoveAt(1);

        await AssertBadAsync("the message plugwire.tests.parts.v1.Part is used, but not described.");
    }

    [Fact]
    public async Task Descriptors_WithNamesThatActOnATerminal_AreRefusedAndShownHarmless()
    {
        _reflection.Files[1].MessageType[0].Field[0].Name = "\u001b[2Jname";

        await AssertBadAsync("'\\u001B[2Jname' stands where a name is due.");
    }

    [Fact]
    public async Task Answer_OfAnotherKind_IsRefused()
    {
        _reflection.Answer = request => _reflection.AnswerHonestly(new ServerReflectionRequest { ListServices = "" });

        await AssertBadAsync("its reflection service answers FileContainingSymbol by ListServicesResponse.");
    }

    [Fact]
    public async Task Answer_OfNothing_IsRefused()
    {
        _reflection.Answer = request => new ServerReflectionResponse();

        await AssertBadAsync("its reflection service answers ListServices by nothing.");
    }

    [Theory]
    [InlineData(MessageRequestOneofCase.ListServices)]
    [InlineData(MessageRequestOneofCase.FileContainingSymbol)]
    internal async Task Stream_ThatEndsWithoutAnAnswer_IsRefused(MessageRequestOneofCase last)
    {
        _reflection.Answer = request => request.MessageRequestCase == last ? null : _reflection.AnswerHonestly(request);

        await AssertBadAsync("its reflection service ends its answers without a word.");
    }

    [Fact]
    public async Task Stream_ThatFails_IsToldByItsStatus()
    {
        _reflection.Before = _ => throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.DataLoss, "Lost them."));

        await AssertBadAsync("the call ended with DataLoss: Lost them.");
    }

    [Fact]
    public async Task Stream_ThatNeverAnswers_TimesOutAndNamesTheOption()
    {
        var time = new FakeTimeProvider();
        _reflection.Before = token =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        };
        await using var served = Served();
        served.Options.TimeProvider = time;
        served.Options.ConnectTimeout = TimeSpan.FromSeconds(3);

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal((PluginStartStage.Contracts, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
        Assert.Contains("3 s (ConnectTimeout)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_CancelledDuringTheCheck_LeavesNothing()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reflection.Before = token =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        };
        await using var served = Served();
        using var cancel = new CancellationTokenSource();

        var start = Plugin.StartAsync(served.Options, cancel.Token);
        await asked.Task.WaitAsync(Shell.Limit, Token);
        await cancel.CancelAsync();

        var end = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WaitAsync(Shell.Limit, Token));
        Assert.Equal(cancel.Token, end.CancellationToken);
        served.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Process_ThatDiesDuringTheCheck_IsAnEarlyExit()
    {
        await using var served = Served();
        _reflection.Before = async token =>
        {
            ServedPlugin.Signal(await served.Process.Launched, 9);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        };

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal((PluginStartStage.Contracts, PluginStartReason.ExitedEarly, 9), (failure.Stage, failure.Reason, failure.Signal));
    }

    private static FileDescriptorProto Filler(string name, string import, int bytes) => new()
    {
        Name = name,
        Dependency = { import },
        Options = new() { JavaPackage = new string('x', bytes) },
    };

    private static ServerReflectionResponse Files(FileDescriptorProto file) => new() { FileDescriptorResponse = new() { FileDescriptorProto = { file.ToByteString() } } };

    private void AnswerFiles(params ByteString[] files) => _reflection.Answer = request => request.MessageRequestCase == MessageRequestOneofCase.ListServices
        ? _reflection.AnswerHonestly(request)
        : new ServerReflectionResponse { FileDescriptorResponse = new() { FileDescriptorProto = { files } } };

    private ServedPlugin Served()
    {
        var served = new ServedPlugin();
        _reflection.AddTo(served);
        served.Options.AddContract<ICatalog>();
        return served;
    }

    private async Task AssertBadAsync(string expected)
    {
        await using var served = Served();

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal((PluginStartStage.Contracts, PluginStartReason.BadDescription), (failure.Stage, failure.Reason));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }
}
