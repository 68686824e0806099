using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Relay.Gateway.Config;

namespace Relay.Gateway.Tests.Config;

/// <summary>Holds docs/config.md and samples/ to the code.</summary>
public sealed partial class ConfigDocTests
{
    private static readonly System.Text.Json.JsonDocumentOptions Relaxed = new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static FakeEnvironment Env => new FakeEnvironment().Variable("OPENAI_API_KEY", "a").Variable("BACKUP_API_KEY", "b").Variable("GATEWAY_TOKEN", "c").Variable("RELAY_KEY_WEB", "d");

    private static string Doc => File.ReadAllText(Path.Combine(Root, "docs", "config.md"));

    private static string Example => Fence().Match(Doc).Groups["json"].Value;

    private static string Root
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

    [Fact]
    public void Annotated_example_parses_and_shows_the_defaults()
    {
        var config = ConfigText.Valid(Example, Env);

        var plain = ConfigText.Valid(ConfigText.With("models.chat-default", """{ "targets": [ "openai/gpt-4.1" ] }""", JsonNode.Parse(Example, documentOptions: Relaxed)!.ToJsonString()), Env);
        var model = plain.Models["chat-default"];
        Assert.Equal(Relay.Core.Attempts.TimeoutOptions.Default, model.Timeouts);
        Assert.Equal(Relay.Core.Attempts.RetryOptions.Default, model.Retry);
        Assert.Equal(Relay.Core.Breaker.BreakerOptions.Default, model.Breaker);
        Assert.Equal(new LimitOptions(), config.Limits);
        Assert.Equal(new ListenOptions(), config.Listen);
    }

    [Fact]
    public void Every_field_that_is_accepted_is_in_the_tables_and_the_example()
    {
        var accepted = AcceptedFields();
        var rows = Rows().Select(row => row.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(accepted.Except(rows, StringComparer.Ordinal));
        Assert.Empty(rows.Except(accepted, StringComparer.Ordinal));
        Assert.All(accepted, name => Assert.Contains($"\"{name}\"", Example, StringComparison.Ordinal));
        Assert.True(accepted.Count > 60, $"only {accepted.Count} fields were found");
    }

    /// <summary>The fix of an error tells bounds and default: each must be in a row of that field.</summary>
    [Fact]
    public void Bounds_and_defaults_of_the_tables_are_those_of_the_code()
    {
        var told = 0;
        foreach (var error in ErrorsOfWrongTypes())
        {
            if (Told().Match(error.Fix) is not { Success: true } match)
            {
                continue;
            }

            told++;
            var name = error.Path[(error.Path.LastIndexOf('.') + 1)..];
            var bounds = match.Groups["bounds"].Value;
            var fallback = match.Groups["default"].Value;
            Assert.Contains(Rows(), row => row.Name == name && row.Cells[2] == bounds && (fallback.Contains(' ', StringComparison.Ordinal) || row.Cells[1] == $"`{fallback}`"));
        }

        Assert.True(told > 30, $"only {told} bounds were found");
    }

    [Theory]
    [InlineData("relay.json", "chat-default", "openai/gpt-4.1")]
    [InlineData("two-providers.json", "chat-default", "primary/gpt-sim", "backup/gpt-sim")]
    public void Sample_parses(string file, string model, params string[] targets)
    {
        var config = ConfigText.Valid(File.ReadAllText(Path.Combine(Root, "samples", file)), Env);

        Assert.Equal(targets, config.Models[model].Targets.Select(t => t.Name).Take(targets.Length));
        Assert.True(config.Models[model].Targets.Length > 1, "nothing to fail over to");
    }

    /// <summary>Every object of the example gets a field that nobody knows; the fix of that error lists those that are known.</summary>
    private static HashSet<string> AcceptedFields()
    {
        var root = JsonNode.Parse(Example, documentOptions: Relaxed)!;
        var objects = new[] { root }.Concat(Descendants(root)).OfType<JsonObject>().ToArray();
        var fields = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in objects)
        {
            node["nobodyKnowsThis"] = 1;
            fields.UnionWith(KnownFields(root.ToJsonString()));
            node.Remove("nobodyKnowsThis");
        }

        return fields;
    }

    private static IEnumerable<string> KnownFields(string text) => ConfigText.Parse(text, Env).Errors
        .Where(e => e.Message == "unknown field 'nobodyKnowsThis'")
        .SelectMany(e => Quoted().Matches(e.Fix).Select(m => m.Groups["name"].Value));

    private static System.Collections.Immutable.ImmutableArray<ConfigError> ErrorsOfWrongTypes()
    {
        var root = JsonNode.Parse(Example, documentOptions: Relaxed)!;
        foreach (var value in Descendants(root).OfType<JsonValue>().ToArray())
        {
            var wrong = JsonValue.Create(value.GetValueKind() != System.Text.Json.JsonValueKind.True);
            value.ReplaceWith(wrong);
        }

        return ConfigText.Parse(root.ToJsonString(), Env).Errors;
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

    private static IEnumerable<(string Name, string[] Cells)> Rows() =>
        Row().Matches(Doc).Select(m => (m.Groups["name"].Value, m.Groups["cells"].Value.Split('|', StringSplitOptions.TrimEntries)));

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (?<cells>.*) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("(?<bounds>(from|above) [0-9.,a-z]+ (up to|to) [0-9.,a-z]*[0-9a-z])(, without quotes)? \\(default (?<default>.*)\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Told();
}
