using Google.Protobuf.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Supervising;
using Plugwire.Wire.Services.Reflection;
using static Plugwire.Wire.Services.Reflection.ServerReflectionRequest;

namespace Plugwire.Hosting.Tests.Checking;

/// <summary>What a start makes of what a plugin tells of its contracts.</summary>
public sealed class ContractCheckTests
{
    private const string CatalogService = "plugwire.tests.catalog.v1.Catalog";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WithoutContracts_AsksNothing()
    {
        var reflection = new ScriptedReflection(ScriptedReflection.AsTheHostHasThem);
        await using var served = new ServedPlugin();
        reflection.AddTo(served);
        served.Options.ContractCheck = ContractCheck.Required;

        await using var plugin = await served.StartAsync();

        Assert.Empty(reflection.Asked);
    }

    [Fact]
    public async Task Start_CheckIsOff_AsksNothing()
    {
        var reflection = new ScriptedReflection();
        await using var served = Served(reflection, ContractCheck.Off);

        await using var plugin = await served.StartAsync();

        Assert.Empty(reflection.Asked);
    }

    [Theory]
    [InlineData("v1", ContractCheck.WhenServed)]
    [InlineData("v1", ContractCheck.Required)]
    [InlineData("v1alpha", ContractCheck.Required)]
    public async Task Start_PluginMeansTheSame_Starts(string version, ContractCheck check)
    {
        var reflection = new ScriptedReflection(ScriptedReflection.AsTheHostHasThem);
        await using var served = Served(reflection, check, version);
        served.Options.AddContract<IOrders>();

        await using var plugin = await served.StartAsync();

        // The second contract is in the first one's file.
        Assert.Equal([MessageRequestOneofCase.ListServices, MessageRequestOneofCase.FileContainingSymbol, MessageRequestOneofCase.FileByFilename], reflection.Asked);
        Assert.Equal("HI", await plugin.GetContract<ICatalog>().EchoAsync("hi", Token).WaitAsync(Shell.Limit, Token));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v1alpha")]
    public async Task Start_PluginMeansSomethingElse_FailsWithATableAndLeavesNothing(string version)
    {
        var reflection = Older();
        await using var served = Served(reflection, ContractCheck.WhenServed, version);

        var failure = await FailAsync(served);

        Assert.Equal((PluginStartStage.Contracts, PluginStartReason.ContractMismatch), (failure.Stage, failure.Reason));
        Assert.Equal(
            [
                new("CONTRACT002", CatalogService + ".Watch", "rpc Watch (server stream)", "no such method"),
                new("CONTRACT007", "plugwire.tests.parts.v1.Part.count", "int64 count = 2", "string count = 2"),
            ],
            failure.Differences);
        Assert.StartsWith("Plugin 'fake' did not start: checking its contracts failed after", failure.Message, StringComparison.Ordinal);
        Assert.Contains("\nFound: 2 differences by which calls break:\n\nrule         where", failure.Message, StringComparison.Ordinal);
        Assert.Contains("\nCONTRACT007  plugwire.tests.parts.v1.Part.count       int64 count = 2            string count = 2\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("\nCONTRACT002: The method is not served", failure.Message, StringComparison.Ordinal);
        Assert.Contains("What to do: The plugin is the older side", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PluginIsTheNewer_SaysThatTheHostIsOld()
    {
        var files = ScriptedReflection.AsTheHostHasThem;
        files[0].MessageType[0].Field[0].Type = FieldDescriptorProto.Types.Type.Bool;
        files[0].MessageType[0].Field.Add(new FieldDescriptorProto { Name = "more", Number = 2, Type = FieldDescriptorProto.Types.Type.Int32 });
        await using var served = Served(new ScriptedReflection(files));

        var failure = await FailAsync(served);

        Assert.Equal("CONTRACT007", Assert.Single(failure.Differences).Rule);
        Assert.Contains("Found: a difference by which calls break:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("What to do: The host is the older side", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_BothSidesHaveGrown_SaysThatNothingTells()
    {
        var reflection = Older();
        reflection.Files[0].MessageType[0].Field.Add(new FieldDescriptorProto { Name = "more", Number = 2, Type = FieldDescriptorProto.Types.Type.Int32 });
        await using var served = Served(reflection);

        Assert.Contains("What to do: Nothing tells which side is the older.", (await FailAsync(served)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ContractsShareADifference_TellsItOnce()
    {
        var files = ScriptedReflection.AsTheHostHasThem;
        files[1].MessageType[0].Field[1].Number = 7;
        await using var served = Served(new ScriptedReflection(files));
        served.Options.AddContract<IOrders>();

        Assert.Equal(["CONTRACT006 plugwire.tests.parts.v1.Part.count"], (await FailAsync(served)).Differences.Select(difference => $"{difference.Rule} {difference.Path}"));
    }

    [Theory]
    [InlineData(ContractCheck.WhenServed)]
    [InlineData(ContractCheck.Required)]
    public async Task Start_ServiceIsNotAmongThePlugins_IsAMismatchThatShowsWhatThereIs(ContractCheck check)
    {
        // The file is known there, and the service described, but not served.
        var reflection = new ScriptedReflection(ScriptedReflection.AsTheHostHasThem);
        reflection.Services.Clear();
        reflection.Services.AddRange(["grpc.health.v1.Health", "plugwire.tests.catalog.v2.Catalog", "\u001b[31mbad", "plugwire.control.v1.Control", "tests.Echo"]);
        await using var served = Served(reflection, check);

        var difference = Assert.Single((await FailAsync(served)).Differences);

        Assert.Equal(new ContractDifference("CONTRACT001", CatalogService, "service " + CatalogService, "no such service; there is tests.Echo"), difference);
    }

    [Fact]
    public async Task Start_NoReflection_IsNotCheckedAndLogged()
    {
        var log = new FakeLogCollector();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(log)));
        await using var served = new ServedPlugin();
        served.Options.AddContract<ICatalog>().LoggerFactory = factory;

        await using var plugin = await served.StartAsync();

        Assert.Contains(log.GetSnapshot(), record => record.Level == LogLevel.Information && record.Message.StartsWith($"Plugin 'fake' serves no descriptors of {CatalogService}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NoReflectionThoughRequired_Fails()
    {
        await using var served = new ServedPlugin();
        served.Options.AddContract<ICatalog>().ContractCheck = ContractCheck.Required;

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal((PluginStartStage.Contracts, PluginStartReason.ContractNotDescribed), (failure.Stage, failure.Reason));
        Assert.Contains("Found: no reflection service.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("set ContractCheck to WhenServed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ServiceIsListedWithoutDescriptors_IsCheckedForItsNameAlone()
    {
        var reflection = new ScriptedReflection { Services = { CatalogService } };
        await using var served = Served(reflection);

        await using var plugin = await served.StartAsync();

        Assert.Equal([MessageRequestOneofCase.ListServices, MessageRequestOneofCase.FileContainingSymbol], reflection.Asked);
    }

    [Fact]
    public async Task Start_ServiceIsListedWithoutDescriptorsThoughRequired_Fails()
    {
        await using var served = Served(new ScriptedReflection { Services = { CatalogService } }, ContractCheck.Required);

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal(PluginStartReason.ContractNotDescribed, failure.Reason);
        Assert.Contains($"no descriptors of {CatalogService} from its reflection service.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ListIsRefused_ComparesTheDescriptorsAllTheSame()
    {
        var reflection = Older();
        reflection.Answer = request => request.MessageRequestCase == MessageRequestOneofCase.ListServices
            ? new ServerReflectionResponse { ErrorResponse = new() { ErrorCode = 12, ErrorMessage = "No list." } }
            : reflection.AnswerHonestly(request);
        await using var served = Served(reflection);

        Assert.Equal(2, (await FailAsync(served)).Differences.Count);
    }

    [Fact]
    public async Task Start_ServerThatAnswersOnlyWhatIsComplete_IsUnderstood()
    {
        await using var served = Served(new ScriptedReflection(ScriptedReflection.AsTheHostHasThem) { AnswersAtTheEnd = true }, ContractCheck.Required);

        await using var plugin = await served.StartAsync();
    }

    [Fact]
    public async Task Start_ImportThatNothingNeedsIsMissing_Starts()
    {
        var files = ScriptedReflection.AsTheHostHasThem;
        files[0].Dependency.Add("google/api/annotations.proto");
        await using var served = Served(new ScriptedReflection(files), ContractCheck.Required);

        await using var plugin = await served.StartAsync();
    }

    [Fact]
    public async Task Start_ImportsGoInACircle_Starts()
    {
        var files = ScriptedReflection.AsTheHostHasThem;
        files[1].Dependency.Add(files[0].Name);
        files[1].Dependency.Add(files[1].Name);
        await using var served = Served(new ScriptedReflection(files), ContractCheck.Required);

        await using var plugin = await served.StartAsync();
    }

    [Fact]
    public async Task Start_ForeignServersOfReflection_AreUnderstood()
    {
        await using var same = new ServedPlugin();
        same.Methods.Add(Grpc.Reflection.V1.ServerReflection.BindService(new Grpc.Reflection.ReflectionV1ServiceImpl(Catalog.Descriptor, Orders.Descriptor)));
        same.Options.AddContract<ICatalog>().AddContract<IOrders>().ContractCheck = ContractCheck.Required;
        await using var other = new ServedPlugin();
        other.Methods.Add(Grpc.Reflection.V1Alpha.ServerReflection.BindService(new Grpc.Reflection.ReflectionServiceImpl(Orders.Descriptor)));
        other.Options.AddContract<IOrders>().AddContract<ICatalog>().ContractCheck = ContractCheck.Required;

        await using var plugin = await same.StartAsync();

        Assert.Equal("CONTRACT001", Assert.Single((await FailAsync(other)).Differences).Rule);
    }

    private static ScriptedReflection Older()
    {
        var files = ScriptedReflection.AsTheHostHasThem;
        files[0].Service[0].Method.RemoveAt(1);
        files[1].MessageType[0].Field[1].Type = FieldDescriptorProto.Types.Type.String;
        return new ScriptedReflection(files);
    }

    private static ServedPlugin Served(ScriptedReflection reflection, ContractCheck check = ContractCheck.WhenServed, string version = "v1")
    {
        var served = new ServedPlugin();
        reflection.AddTo(served, version);
        served.Options.AddContract<ICatalog>().ContractCheck = check;
        return served;
    }

    private static async Task<ContractMismatchException> FailAsync(ServedPlugin served) => Assert.IsType<ContractMismatchException>(await served.Process.FailToStartAsync());
}
