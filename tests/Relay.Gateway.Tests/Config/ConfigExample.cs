using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Config;

/// <summary>The full example of docs/config.md, and what the readers tell of their fields when it is broken.</summary>
internal static partial class ConfigExample
{
    private static readonly JsonDocumentOptions Relaxed = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly TestCertificates Certificates = new();

    private static readonly TestPair Pair = Certificates.Issue(TestCertificates.ClientPurpose);

    public static FakeEnvironment Env => new FakeEnvironment().Variable("OPENAI_API_KEY", "a").Variable("BACKUP_API_KEY", "b").Variable("GATEWAY_TOKEN", "c").Variable("AZURE_OPENAI_API_KEY", "e").Variable("AZURE_OPENAI_API_KEY_2", "f").Variable("RELAY_KEY_WEB", "d").Variable("RELAY_ADMIN_TOKEN", "sixteen-or-more-characters")
        .File("/relay/certs/company-ca.pem", Certificates.AuthorityPem).File("/relay/certs/relay.pem", Pair.Certificate).File("/relay/certs/relay.key", Pair.Key);

    public static string Text => Fence().Match(File.ReadAllText(Path.Combine(Root, "docs", "config.md"))).Groups["json"].Value;

    /// <summary>The repository.</summary>
    public static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "RelayAspire.sln")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run within the repository.");
            }

            return folder;
        }
    }

    public static JsonNode Json() => Relax(Text);

    /// <summary>JSON with comments and trailing commas.</summary>
    public static JsonNode Relax(string text) => JsonNode.Parse(text, documentOptions: Relaxed)!;

    /// <summary>Every object of the example gets a field that nobody knows; the fix of that error lists those that are known.</summary>
    public static IReadOnlyList<(string Path, string[] Fields)> AcceptedFields()
    {
        var root = Json();
        var fields = new List<(string, string[])>();
        foreach (var node in new[] { root }.Concat(Descendants(root)).OfType<JsonObject>().ToArray())
        {
            node["nobodyKnowsThis"] = 1;
            foreach (var error in ConfigText.Parse(root.ToJsonString(), Env).Errors.Where(e => e.Message == "unknown field 'nobodyKnowsThis'"))
            {
                fields.Add((error.Path[..^".nobodyKnowsThis".Length], [.. Quoted().Matches(error.Fix).Select(m => m.Groups["name"].Value)]));
            }

            node.Remove("nobodyKnowsThis");
        }

        return fields;
    }

    /// <summary>Every value of the example gets a wrong type; the fixes of those errors tell bounds and default.</summary>
    public static IEnumerable<(string Path, string Bounds, string Default)> ToldBounds()
    {
        var root = Json();
        foreach (var value in Descendants(root).OfType<JsonValue>().ToArray())
        {
            value.ReplaceWith(JsonValue.Create(value.GetValueKind() != JsonValueKind.True));
        }

        return from error in ConfigText.Parse(root.ToJsonString(), Env).Errors
               let match = Told().Match(error.Fix)
               where match.Success
               select (error.Path, match.Groups["bounds"].Value, match.Groups["default"].Value);
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        var children = node switch
        {
            JsonObject o => o.Select(p => p.Value!),
            JsonArray a => a.Select(i => i!),
            _ => [],
        };
        return children.SelectMany(child => new[] { child }.Concat(Descendants(child)));
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("(?<bounds>(from|above) [0-9.,a-z]+ (up to|to) [0-9.,a-z]*[0-9a-z])(, without quotes)? \\(default (?<default>.*)\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Told();
}
