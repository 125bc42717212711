using System.Reflection;

namespace Plugwire.Contracts.Zoo.Tests;

/// <summary>What a contract and its methods are called is what users write: none of it may change.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("zoo.kinds.Kinds", "Zoo.Kinds.IKinds", "AskAsync", "CollectAsync", "ListAsync", "TalkAsync")]
    [InlineData("zoo.kinds.Silent", "Zoo.Kinds.ISilent")]
    [InlineData("Rootless", "IRootless", "AskAsync", "CollectAsync", "ListAsync", "TalkAsync")]
    [InlineData("rootless_too", "IRootlessToo", "AskAsync")]
    [InlineData("zoo.snake_case.in_package_2.v1beta1.SnakeService", "Zoo.SnakeCase.InPackage2.V1Beta1.ISnakeService", "AskAsync")]
    [InlineData("zoo.snake_case.in_package_2.v1beta1.snake_service", "Zoo.SnakeCase.InPackage2.V1Beta1.ISnakeServiceContract", "AskItAsync", "CollectAllOfThemAsync", "ListV1Async", "TalkAsync")]
    [InlineData("zoo.snake_case.in_package_2.v1beta1.SNAKE_SERVICE", "Zoo.SnakeCase.InPackage2.V1Beta1.ISNAKESERVICE", "ASKITAsync")]
    [InlineData("zoo.snake_case.in_package_2.v1beta1.camelService", "Zoo.SnakeCase.InPackage2.V1Beta1.ICamelService", "AskItAsync")]
    [InlineData("zoo.snake_case.in_package_2.v1beta1._leading", "Zoo.SnakeCase.InPackage2.V1Beta1.ILeading", "AskAsync", "ListAsync")]
    [InlineData("zoo.snake_case.in_package_2.v1beta1.trailing_", "Zoo.SnakeCase.InPackage2.V1Beta1.ITrailing", "AskAsync", "ListAsync")]
    [InlineData("zoo.snake_case.in_package_2.v1beta1._1st", "Zoo.SnakeCase.InPackage2.V1Beta1.I_1st", "_2ndAsync", "_Async", "__Async")]
    [InlineData("zoo.letters.lower", "Zoo.Letters.ILowerContract", "AAsync")]
    [InlineData("zoo.letters.Lower", "Zoo.Letters.ILower", "AAsync")]
    [InlineData("zoo.letters.LOWER", "Zoo.Letters.ILOWER", "AAsync")]
    [InlineData("zoo.letters.I", "Zoo.Letters.IIContract", "IAsync")]
    [InlineData("zoo.letters.HTTPServer2", "Zoo.Letters.IHTTPServer2", "GETURLAsync", "V12Async", "v12Async", "v_12Async")]
    [InlineData("zoo.rpcs.Spellings", "Zoo.Rpcs.ISpellings", "do_itAsync", "doItAsync", "DoItAsync", "Do_ItAsync")]
    [InlineData(
        "zoo.rpcs.Endings", "Zoo.Rpcs.IEndings",
        "GetAsync", "GetAsyncAsync", "ListAsync", "ListAsyncAsync", "PutAsync", "put_asyncAsync", "Async", "asyncAsync", "GetAsyncAsyncAsync")]
    [InlineData("zoo.framework.Plugwire", "Zoo.Framework.IPlugwire", "ListAsync")]
    [InlineData("zoo.taken.Message", "Zoo.Taken.IMessageContract", "AskAsync")]
    [InlineData("zoo.taken.Enum", "Zoo.Taken.IEnumContract", "AskAsync")]
    [InlineData("zoo.taken.Twice", "Zoo.Taken.ITwiceContract2", "AskAsync")]
    [InlineData("zoo.taken.ITwice", "Zoo.Taken.IITwice", "AskAsync")]
    [InlineData("zoo.taken.ITwiceContract", "Zoo.Taken.IITwiceContract", "AskAsync")]
    [InlineData("zoo.taken.Inner", "Zoo.Taken.IInnerContract", "AskAsync")]
    [InlineData("zoo.taken.Holder", "Zoo.Taken.IHolder", "AskAsync")]
    [InlineData("zoo.twins.one.Twin", "Zoo.Twins.One.ITwin", "AskAsync")]
    [InlineData("zoo.twins.two.Twin", "Zoo.Twins.Two.ITwin", "AskAsync")]
    [InlineData("zoo.shared.first.FirstOfTwo", "Zoo.Shared.IFirstOfTwo", "AskAsync")]
    [InlineData("zoo.shared.second.i_first_of_two", "Zoo.Shared.IIFirstOfTwo", "AskAsync")]
    [InlineData("zoo.event.class.Small", "zoo.record.global.System.ISmall", "AskAsync")]
    [InlineData("zoo.event.class.namespace.async", "Zoo.Event.Class.Namespace.IAsync", "AskAsync")]
    public void Contract_OfAService_IsNamedByRule(string service, string contract, params string[] methods)
    {
        var found = ZooContract.All("Both").Single(candidate => candidate.ServiceName == service);

        Assert.Equal(contract, found.Interface.FullName);
        Assert.Equal(methods, found.InterfaceMethods.Select(method => method.Name));
    }

    [Theory]
    [InlineData("zoo.deprecated.OldService", true, "OldAskAsync")]
    [InlineData("zoo.deprecated.NewService", false, "OldCollectAsync", "OldListAsync", "OldTalkAsync")]
    [InlineData("zoo.kinds.Kinds", false)]
    public void Contract_OfWhatIsDeprecated_IsObsolete(string service, bool isObsolete, params string[] methods)
    {
        Assert.All(ZooContract.Ways, way =>
        {
            var found = ZooContract.All(way).Single(candidate => candidate.ServiceName == service);

            Assert.Equal(isObsolete, found.Interface.IsDefined(typeof(ObsoleteAttribute)));
            Assert.Equal(methods, found.InterfaceMethods.Where(method => method.IsDefined(typeof(ObsoleteAttribute))).Select(method => method.Name));
        });
    }
}
