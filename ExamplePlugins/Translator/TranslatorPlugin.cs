using Examples.Translation;
using Plugwire;

namespace Examples.Translating;

internal sealed class TranslatorPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin
        .UseHostContract<IGlossary>()
        .AddContract<ITranslator, TranslatorService>();
}
