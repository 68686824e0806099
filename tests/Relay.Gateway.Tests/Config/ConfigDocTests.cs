using System.Text.RegularExpressions;
using Relay.Gateway.Config;

namespace Relay.Gateway.Tests.Config;

/// <summary>Holds docs/config.md and samples/ to the code.</summary>
public sealed partial class ConfigDocTests
{
    private static string Doc => File.ReadAllText(Path.Combine(ConfigExample.Root, "docs", "config.md"));

    [Fact]
    public void Annotated_example_parses_and_shows_the_defaults()
    {
        var config = ConfigText.Valid(ConfigExample.Text, ConfigExample.Env);

        var plain = ConfigText.Valid(ConfigText.With("models.chat-default", """{ "targets": [ "openai/gpt-4.1" ] }""", ConfigExample.Json().ToJsonString()), ConfigExample.Env);
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
        var accepted = ConfigExample.AcceptedFields().SelectMany(o => o.Fields).ToHashSet(StringComparer.Ordinal);
        var rows = Rows().Select(row => row.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(accepted.Except(rows, StringComparer.Ordinal));
        Assert.Empty(rows.Except(accepted, StringComparer.Ordinal));
        Assert.All(accepted, name => Assert.Contains($"\"{name}\"", ConfigExample.Text, StringComparison.Ordinal));
        Assert.True(accepted.Count > 60, $"only {accepted.Count} fields were found");
    }

    /// <summary>The fix of an error tells bounds and default: each must be in a row of that field.</summary>
    [Fact]
    public void Bounds_and_defaults_of_the_tables_are_those_of_the_code()
    {
        var told = 0;
        foreach (var (path, bounds, fallback) in ConfigExample.ToldBounds())
        {
            told++;
            var name = path[(path.LastIndexOf('.') + 1)..];
            Assert.Contains(Rows(), row => row.Name == name && row.Cells[2] == bounds && (fallback.Contains(' ', StringComparison.Ordinal) || row.Cells[1] == $"`{fallback}`"));
        }

        Assert.True(told > 30, $"only {told} bounds were found");
    }

    [Theory]
    [InlineData("relay.json", "chat-default", "openai/gpt-4.1")]
    [InlineData("two-providers.json", "chat-default", "primary/gpt-sim", "backup/gpt-sim")]
    public void Sample_parses(string file, string model, params string[] targets)
    {
        var config = ConfigText.Valid(File.ReadAllText(Path.Combine(ConfigExample.Root, "samples", file)), ConfigExample.Env);

        Assert.Equal(targets, config.Models[model].Targets.Select(t => t.Name).Take(targets.Length));
        Assert.True(config.Models[model].Targets.Length > 1, "nothing to fail over to");
    }

    private static IEnumerable<(string Name, string[] Cells)> Rows() =>
        Row().Matches(Doc)
            .Select(m => (Name: m.Groups["name"].Value, Cells: m.Groups["cells"].Value.Split('|', StringSplitOptions.TrimEntries)))
            .Where(row => row.Cells.Length > 1);

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (?<cells>.*) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
