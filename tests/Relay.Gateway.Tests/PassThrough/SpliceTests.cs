using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.PassThrough;

public sealed class SpliceTests
{
    private const string Upstream = "up/str\u00e9am \"x\"";

    private static readonly Gen<string> Space = Gen.Elements("", "", " ", "\n", "\t \r\n");

    private static readonly Gen<string> UnknownMember = Gen.Elements(
        "\"big\":1e400", "\"a\":[1,{\"model\":\"inner\",\"stream\":true}]", "\"\\u0061\":\"\\ud83d\\ude00\\/\"", "\"a\":null", "\"é\":\"ü\"",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", "\"n\":2", "\"deep\":{\"stream_options\":{\"include_usage\":false}}", "\"\":0", "\"prediction\":{}");

    private static readonly Gen<string?> StreamOptions = Gen.Elements<string?>(
        null, "null", "{}", "{ }", "{\"include_usage\":true}", "{\"include_usage\":false}", "{\"include_usage\":null}", "{\"include_obfuscation\":false}",
        "{\"x\":{\"include_usage\":false},\"include_usage\":false}", "{\"include_usage\" : true , \"x\":1}", "{\"\\u0069nclude_usage\":false,\"y\":[]}");

    private static readonly Gen<string[]> Members =
        from unknown in UnknownMember.ArrayOf()
        from model in Gen.Elements("\"model\":\"m\"", "\"mod\\u0065l\":\"\\u006d\"", "\"model\" : \"m\"")
        from stream in Gen.Elements<string?>(null, "\"stream\":true", "\"stream\": false", "\"stream\":null", "\"str\\u0065am\":true")
        from options in StreamOptions
        let all = new[] { model, "\"messages\":[{}]", stream, options is null ? null : "\"stream_options\":" + options }
        from shuffled in Gen.Shuffle(all.OfType<string>().Concat(unknown))
        select shuffled.ToArray();

    private static readonly Gen<string> Body =
        from members in Members
        from spaces in Space.ArrayOf((members.Length * 2) + 2)
        select spaces[0] + "{" + string.Join(",", members.Select((m, i) => spaces[(i * 2) + 1] + m + spaces[(i * 2) + 2])) + "}" + spaces[^1];

    [Fact]
    public void SplicedBody_IsTheSameJsonApartFromModelAndIncludeUsage() =>
        Invariant.Holds(Body, body =>
        {
            var (scan, spliced) = Splice(body);
            var before = MembersOf(body);
            var after = MembersOf(spliced);
            var expected = before.Select(m => m.Name == "model" ? m with { Value = JsonSerializer.Serialize(Upstream) } : m).ToList();
            if (scan.Stream)
            {
                ForceUsage(expected);
            }

            Assert.Equal(expected.Select(Canonical), after.Select(Canonical));
        }, tests: 3000);

    [Fact]
    public void SplicedBody_KeepsEveryByteWhereNothingIsSpliced() =>
        Invariant.Holds(Body, body =>
        {
            var (scan, spliced) = Splice(body);
            var model = Encoding.UTF8.GetBytes(body)[scan.ModelValue];
            var quoted = Encoding.UTF8.GetString(RequestSplice.QuoteModel(Upstream));
            if (!scan.Stream || scan.IncludeUsage)
            {
                Assert.Equal(body, spliced.Replace(quoted, Encoding.UTF8.GetString(model), StringComparison.Ordinal));
            }
        }, tests: 1000);

    private static (RequestScan Scan, string Spliced) Splice(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var scan = RequestScanner.ScanChat(bytes, out var error);
        Assert.True(scan is not null, error?.Message);
        Assert.Equal("m", scan.Model);
        var splice = new RequestSplice(bytes, scan, RequestSplice.QuoteModel(Upstream));
        var pieces = Enumerable.Range(0, RequestSplice.Pieces).SelectMany(i => splice[i].ToArray()).ToArray();
        Assert.Equal(splice.Length, pieces.Length);
        return (scan, Encoding.UTF8.GetString(pieces));
    }

    /// <summary>What the splice should do, done the slow way on the parsed members.</summary>
    private static void ForceUsage(List<Member> members)
    {
        var at = members.FindIndex(m => m.Name == "stream_options");
        var options = at < 0 ? null : JsonNode.Parse(members[at].Value)?.AsObject();
        options ??= [];
        options["include_usage"] = true;
        var forced = new Member("stream_options", options.ToJsonString());
        if (at < 0)
        {
            members.Add(forced);
        }
        else
        {
            members[at] = forced;
        }
    }

    private static List<Member> MembersOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        return [.. json.RootElement.EnumerateObject().Select(p => new Member(p.Name, p.Value.GetRawText()))];
    }

    /// <summary>The order of stream_options' own members does not matter; everything else is compared as text.</summary>
    private static string Canonical(Member member) => member.Name switch
    {
        "stream_options" when JsonNode.Parse(member.Value) is JsonObject o =>
            member.Name + "=" + string.Join(",", o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + ":" + p.Value?.ToJsonString())),
        "model" => member.Name + "=" + JsonNode.Parse(member.Value)!.GetValue<string>(),
        _ => member.Name + "=" + member.Value,
    };

    private sealed record Member(string Name, string Value);
}
