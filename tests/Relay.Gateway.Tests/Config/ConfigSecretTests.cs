using System.Text;

namespace Relay.Gateway.Tests.Config;

public sealed class ConfigSecretTests
{
    private const string Planted = "sk-proj-PLANTED0123456789abcdefABCDEF";

    public static TheoryData<string, string, string> References => new()
    {
        { "env:UNSET", "the environment variable 'UNSET' is not set", "set it" },
        { "env:EMPTY", "the environment variable 'EMPTY' is empty", "set it" },
        { "env:BREAK", "has a line break", "secret alone" },
        { "env:WIDE", "not visible ASCII", "secret alone" },
        { "env:SPACE", "begins or ends with a space", "secret alone" },
        { "env:BLANK", "is empty", "secret alone" },
        { "env:LARGE", "is larger than 64 KiB", "secret alone" },
        { "env:", "not the name of an environment variable", "env:OPENAI_API_KEY" },
        { "env:a b", "not the name of an environment variable", "env:OPENAI_API_KEY" },
        { "env:lower_case_1", "the environment variable that is named here is not set", "set it" },
        { "file:secrets/missing", "the secret file '/relay/secrets/missing' is not there", "configuration file's folder" },
        { "file:secrets/empty", "the secret file '/relay/secrets/empty' is empty", "put the secret" },
        { "file:/run/large", "the secret file '/run/large' is larger than 64 KiB", "secret alone" },
        { "file:/run/locked", "the secret file '/run/locked' cannot be read", "let the user" },
        { "file:/run/lines", "has a line break", "one line" },
        { "file:/run/wide", "not visible ASCII", "one line" },
        { "file:", "the path is empty", "relative to" },
        { "file:a\\u0000b", "the path has a control character", "relative to" },
        { "ENV:KEY", "secrets do not belong in the file", "write \"env:NAME\"" },
        { "", "secrets do not belong in the file", "write \"env:NAME\"" },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void Secret_that_cannot_be_had_is_reported(string reference, string message, string fix) =>
        ConfigText.OnlyError(ConfigText.With("providers.sim.apiKey", $"\"{reference}\""), "$.providers.sim.apiKey", message, fix, Broken());

    [Fact]
    public void Secrets_come_from_variables_and_files_next_to_the_configuration()
    {
        var env = new FakeEnvironment().Variable("TOKEN", "from variable").File("/relay/secrets/key", "from-file\r\n");
        var text = ConfigText.With("providers.sim.apiKey", "\"file:secrets/key\"", ConfigText.With("providers.sim.headers", """{ "X-A": "env:TOKEN", "X-B": "literal" }"""));

        var provider = ConfigText.Valid(text, env).Providers["sim"];

        Assert.Equal("from-file", provider.ApiKey!.Reveal());
        Assert.Equal([("X-A", "from variable"), ("X-B", "literal")], provider.Headers.Select(h => (h.Key, h.Value.Reveal())));
    }

    [Theory]
    [InlineData("providers.sim.apiKey")]
    [InlineData("providers.sim.baseUrl")]
    [InlineData("providers.sim.dialect")]
    [InlineData("providers.sim.maxConnections")]
    [InlineData("providers.sim.headers")]
    [InlineData("providers.sim.headers.Authorization")]
    [InlineData("providers.sim")]
    [InlineData("models.m.targets")]
    [InlineData("models.m.strategy")]
    [InlineData("models.m.timeouts.idle")]
    [InlineData("listen.gateway")]
    [InlineData("keys")]
    [InlineData("prices.sim/a")]
    [InlineData("limits.maxSseLineBytes")]
    [InlineData("defaults")]
    public void Secret_in_a_wrong_place_is_never_repeated(string path)
    {
        string[] values =
        [
            $"\"{Planted}\"", $"\"env:{Planted}\"", $"\"file:{Planted}\"", $"\"env:{Planted.Replace("-", "_", StringComparison.Ordinal)}\"", $"\"Bearer {Planted}\"", $"\"https://user:{Planted}@host/v1\"",
            $"\"user:{Planted}@host/v1\"", $"\"https://host/v1?key={Planted}\"", $"\"{Planted}\\n\"", $"[ \"{Planted}\", {{ \"name\": \"a\", \"key\": \"{Planted}\", \"models\": [ \"{Planted}\" ] }} ]",
            $"{{ \"{Planted}\": 1 }}", $"{{ \"Authorization: Bearer {Planted}\": \"x\", \"X\": \"{Planted}é\" }}", $"[ {{ \"target\": \"{Planted}\" }}, \"{Planted}/x\" ]",
            $"[ {{ \"name\": \"a\", \"key\": \"sha256:{Planted}\" }}, {{ \"name\": \"b\", \"key\": \"env:{Planted}\" }} ]",
        ];
        foreach (var value in values)
        {
            var result = ConfigText.Parse(ConfigText.With(path, value));

            Assert.False(result.IsValid, $"{path} = {value}");
            Assert.DoesNotContain("PLANTED", result.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Valid_configuration_prints_no_secret()
    {
        var env = new FakeEnvironment().Variable("KEY", Planted).File("/relay/key", Planted + "2");
        var text = ConfigText.With("providers.sim", """{ "baseUrl": "http://h/v1", "apiKey": "env:KEY", "headers": { "X-A": "file:key", "X-B": "PLANTED literal" } }""");
        text = ConfigText.With("keys", """[ { "name": "a", "key": "env:KEY" } ]""", text);

        var config = ConfigText.Valid(text, env);

        var printed = new StringBuilder().AppendLine(config.ToString()).AppendLine(config.Providers["sim"].ToString()).AppendLine(config.Keys[0].ToString());
        printed.AppendJoin(' ', config.Providers["sim"].Headers).AppendJoin(' ', config.Models.Values);
        Assert.DoesNotContain("PLANTED", printed.ToString(), StringComparison.Ordinal);
        Assert.Contains("***", printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unusable_secret_is_never_repeated()
    {
        var env = new FakeEnvironment().Variable("A", Planted + "\n" + Planted).Variable("B", Planted + "é").File("/relay/c", Planted + "\nx").File("/relay/d", " " + Planted);
        foreach (var reference in new[] { "env:A", "env:B", "file:c", "file:d" })
        {
            foreach (var (path, json) in new[] { ("providers.sim.apiKey", $"\"{reference}\""), ("providers.sim.headers.X-A", $"\"{reference}\""), ("keys", $"[ {{ \"name\": \"a\", \"key\": \"{reference}\" }} ]") })
            {
                var result = ConfigText.Parse(ConfigText.With(path, json), env);

                Assert.Single(result.Errors);
                Assert.DoesNotContain("PLANTED", result.ToString(), StringComparison.Ordinal);
            }
        }
    }

    private static FakeEnvironment Broken()
    {
        var env = new FakeEnvironment().Variable("EMPTY", "").Variable("BREAK", "a\nb").Variable("WIDE", "schlüssel").Variable("SPACE", "key ").Variable("BLANK", "  ")
            .Variable("LARGE", new string('k', 65_537)).Variable("KEY", "k")
            .File("/relay/secrets/empty", "\n").File("/run/large", new string('k', 65_537)).File("/run/lines", "a\nb\n").File("/run/wide", "schlüssel");
        env.Unreadable.Add("/run/locked");
        return env;
    }
}
