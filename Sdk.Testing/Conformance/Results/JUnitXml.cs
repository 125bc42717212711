using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Plugwire.Testing.Conformance.Results;

/// <summary>A report as JUnit XML.</summary>
internal static class JUnitXml
{
    public static XDocument Of(ConformanceReport report)
    {
        var failures = report.Results.Count(result => result.Outcome == ConformanceOutcome.Fail && result.FailsTheRun);
        var errors = report.Count(ConformanceOutcome.HarnessError);
        var suite = new XElement(
            "testsuite",
            new XAttribute("name", $"plugwire.conformance.{report.Suite}"),
            new XAttribute("tests", report.Results.Count),
            new XAttribute("failures", failures),
            new XAttribute("errors", errors),
            new XAttribute("skipped", report.Count(ConformanceOutcome.Skip) + report.Count(ConformanceOutcome.Fail) - failures),
            new XAttribute("time", Seconds(report.Duration)),
            new XElement(
                "properties",
                Property("subject", report.Subject),
                Property("revision", report.Revision)),
            report.Results.Select(result => Case(report.Suite, result)));
        return new XDocument(new XElement(
            "testsuites",
            new XAttribute("tests", report.Results.Count),
            new XAttribute("failures", failures),
            new XAttribute("errors", errors),
            new XAttribute("time", Seconds(report.Duration)),
            suite));
    }

    private static XElement Case(string suite, ConformanceResult result) => new(
        "testcase",
        new XAttribute("classname", $"plugwire.conformance.{suite}.{result.Case.Group}"),
        new XAttribute("name", result.Case.Id),
        new XAttribute("time", Seconds(result.Duration)),
        Outcome(result));

    private static XElement? Outcome(ConformanceResult result) => result switch
    {
        { Outcome: ConformanceOutcome.Pass } => null,
        { Outcome: ConformanceOutcome.Skip } => new XElement("skipped", Message(result.Detail)),
        { Outcome: ConformanceOutcome.HarnessError } => new XElement("error", Message(FirstLine(result.Detail)), new XAttribute("type", "harness"), Text(result)),
        { FailsTheRun: true } => new XElement("failure", Message(FirstLine(result.Detail)), new XAttribute("type", "must"), Text(result)),
        _ => new XElement("skipped", Message("This should be met, and is not: " + result.Detail)),
    };

    private static XElement Property(string name, string value) => new("property", new XAttribute("name", name), new XAttribute("value", Clean(value)));

    private static XAttribute Message(string text) => new("message", Clean(text));

    private static string Text(ConformanceResult result) => Clean($"Required: {result.Case.Requirement}\nFound: {result.Detail}");

    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? text[..end] : text;

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    // What a plugin prints may be anything, and much of that cannot stand in XML.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                clean.Append(text, i++, 2);
            else
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
        }

        return clean.ToString();
    }
}
