using Relay.Gateway.Config;

namespace Relay.Gateway.Tests.Config;

/// <summary>What may be wrong with a provider's credentials.</summary>
public sealed class ConfigProviderErrorTests
{
    private const string At = "$.providers.sim.credentials";

    private static FakeEnvironment Env => new FakeEnvironment().Variable("A", "a").Variable("B", "b").Variable("SAME", "a").File("/relay/key", "c\n");

    [Fact]
    public void Credentials_have_names_or_places_and_weights()
    {
        var provider = Read("""[ { "apiKey": "env:A" }, { "name": "second", "apiKey": "file:key", "weight": 7 }, { "apiKey": "env:B", "weight": 0 } ]""");

        Assert.Equal([("0", "a", 1), ("second", "c", 7), ("2", "b", 0)], provider.AllCredentials.Select(c => (c.Name, c.ApiKey.Reveal(), c.Weight)));
        Assert.Null(provider.ApiKey);
        Assert.Equal(TimeSpan.FromMinutes(1), provider.CredentialRetryAfter);
    }

    [Fact]
    public void Single_api_key_is_a_list_of_one()
    {
        var provider = ConfigText.Valid(ConfigText.With("providers.sim.apiKey", "\"env:A\""), Env).Providers["sim"];

        Assert.Equal(("0", "a", 1), Assert.Single(provider.AllCredentials.Select(c => (c.Name, c.ApiKey.Reveal(), c.Weight))));
        Assert.Empty(ConfigText.Valid(ConfigText.Minimal).Providers["sim"].AllCredentials);
    }

    [Theory]
    [InlineData("[]", "", "there are no credentials", "from 1 to 64")]
    [InlineData("""[ "env:A" ]""", "[0]", "must be an object", "write [ { \"name\"")]
    [InlineData("""[ { "name": "x" } ]""", "[0]", "has no 'apiKey'", "env:NAME")]
    [InlineData("""[ { "apiKey": "env:GONE" } ]""", "[0].apiKey", "the environment variable 'GONE' is not set", "set it")]
    [InlineData("""[ { "apiKey": "sk-literal" } ]""", "[0].apiKey", "secrets do not belong in the file", "env:NAME")]
    [InlineData("""[ { "name": "", "apiKey": "env:A" } ]""", "[0].name", "the credential's name is empty, too long", "letters, digits")]
    [InlineData("""[ { "name": "a b", "apiKey": "env:A" } ]""", "[0].name", "has other characters", "letters, digits")]
    [InlineData("""[ { "name": "x", "apiKey": "env:A" }, { "name": "x", "apiKey": "env:B" } ]""", "[1].name", "the name 'x' is already at $.providers.sim.credentials[0]", "of its own")]
    [InlineData("""[ { "name": "1", "apiKey": "env:A" }, { "apiKey": "env:B" } ]""", "[1].name", "the name '1' is already at", "named by its place")]
    [InlineData("""[ { "apiKey": "env:A" }, { "apiKey": "env:SAME" } ]""", "[1].apiKey", "is the same credential as $.providers.sim.credentials[0]", "give it a weight")]
    [InlineData("""[ { "apiKey": "env:A", "weight": 101 } ]""", "[0].weight", "101 is out of bounds", "from 0 to 100")]
    [InlineData("""[ { "apiKey": "env:A", "weight": 1.5 } ]""", "[0].weight", "1.5 is not a whole number", "from 0 to 100")]
    [InlineData("""[ { "apiKey": "env:A", "share": 1 } ]""", "[0].share", "unknown field 'share'", "'weight'")]
    public void Wrong_credentials_are_reported(string json, string path, string message, string fix) =>
        ConfigText.OnlyError(ConfigText.With("providers.sim.credentials", json), At + path, message, fix, Env);

    [Fact]
    public void Api_key_and_credentials_at_once_are_an_error() =>
        ConfigText.OnlyError(
            ConfigText.With("providers.sim.apiKey", "\"env:B\"", ConfigText.With("providers.sim.credentials", """[ { "apiKey": "env:A" } ]""")),
            At,
            "the provider has an apiKey too",
            "move it into the list",
            Env);

    [Fact]
    public void Too_many_credentials_are_an_error()
    {
        var env = Env;
        var many = Enumerable.Range(0, 65).Select(i => $"{{ \"apiKey\": \"env:K{i}\" }}");
        for (var i = 0; i < 65; i++)
        {
            env.Variable($"K{i}", $"k{i}");
        }

        ConfigText.OnlyError(ConfigText.With("providers.sim.credentials", $"[ {string.Join(", ", many)} ]"), At, "there are 65 credentials", "from 1 to 64", env);
    }

    [Fact]
    public void Options_are_the_same_only_with_the_same_credentials()
    {
        const string Text = """[ { "name": "x", "apiKey": "env:A" }, { "name": "y", "apiKey": "env:B" } ]""";
        var provider = Read(Text);

        Assert.True(provider.IsSameAs(Read(Text)));
        Assert.False(provider.IsSameAs(Read(Text.Replace("env:B", "file:key", StringComparison.Ordinal))));
        Assert.False(provider.IsSameAs(Read(Text.Replace("\"y\"", "\"z\"", StringComparison.Ordinal))));
        Assert.DoesNotContain("\"a\"", provider.ToString() + string.Concat(provider.Credentials), StringComparison.Ordinal);
    }

    private static ProviderOptions Read(string credentials) =>
        ConfigText.Valid(ConfigText.With("providers.sim.credentials", credentials), Env).Providers["sim"];
}
