namespace Relay.Gateway.Tests.Config;

/// <summary>Errors of keys and prices.</summary>
public sealed class ConfigKeyAndPriceErrorTests
{
    private const string Digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    public static TheoryData<string, string, string, string, string> Errors => new()
    {
        { "keys", "{}", "$.keys", "must be a list, but is an object", "\"name\"" },
        { "keys", "[ \"env:KEY\" ]", "$.keys[0]", "must be an object, but is a string", "\"name\"" },
        { "keys", "[ { \"key\": \"env:KEY\" } ]", "$.keys[0]", "has no 'name'", "\"name\": \"app\"" },
        { "keys", "[ { \"name\": \"\", \"key\": \"env:KEY\" } ]", "$.keys[0].name", "the key's name is empty", "1 to 200" },
        { "keys", "[ { \"name\": 1, \"key\": \"env:KEY\" } ]", "$.keys[0].name", "must be a string", "name" },
        { "keys", "[ { \"name\": \"a\" } ]", "$.keys[0]", "has no 'key'", "env:NAME" },
        { "keys", "[ { \"name\": \"a\", \"key\": 5 } ]", "$.keys[0].key", "must be a string", "sha256:" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"plain\" } ]", "$.keys[0].key", "secrets do not belong in the file", "or \"sha256:\" and 64 hexadecimal digits" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"sha256:12\" } ]", "$.keys[0].key", "is not a SHA-256 digest", "64 hexadecimal digits" },
        { "keys", $"[ {{ \"name\": \"a\", \"key\": \"sha256:g{Digest[1..]}\" }} ]", "$.keys[0].key", "is not a SHA-256 digest", "64 hexadecimal digits" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"model\": [] } ]", "$.keys[0].model", "unknown field 'model'", "did you mean 'models'?" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"models\": \"m\" } ]", "$.keys[0].models", "must be a list", "leave it out" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"models\": [] } ]", "$.keys[0].models", "the list is empty", "leave it out to allow all" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"models\": [ 1 ] } ]", "$.keys[0].models[0]", "must be a string", "model" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"models\": [ \"m\", \"n\" ] } ]", "$.keys[0].models[1]", "no model 'n'", "configured are 'm' — did you mean 'm'?" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"models\": [ \"m\", \"m\" ] } ]", "$.keys[0].models[1]", "more than once", "keep one" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"requestsPerMinute\": 0 } ]", "$.keys[0].requestsPerMinute", "0 is out of bounds", "from 1 to 10,000,000, without quotes (default no limit)" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\" }, { \"name\": \"a\", \"key\": \"env:OTHER\" } ]", "$.keys[1].name", "'a' is already at $.keys[0].name", "of its own" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\" }, { \"name\": \"b\", \"key\": \"env:KEY\" } ]", "$.keys[1].key", "is the same key as $.keys[0].key", "of its own" },
        { "keys", $"[ {{ \"name\": \"a\", \"key\": \"sha256:{Digest}\" }}, {{ \"name\": \"b\", \"key\": \"sha256:{Digest.ToUpperInvariant()}\" }} ]", "$.keys[1].key", "is the same key as $.keys[0].key", "of its own" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"overrides\": \"tags\" } ]", "$.keys[0].overrides", "must be a list", "[] allows none" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"overrides\": [ \"tag\" ] } ]", "$.keys[0].overrides[0]", "no override 'tag'", "did you mean 'tags'?" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"overrides\": [ \"tags\", \"tags\" ] } ]", "$.keys[0].overrides[1]", "more than once", "keep one" },
        { "prices", "[]", "$.prices", "must be an object", "input" },
        { "prices.sim/a", "2", "$.prices['sim/a']", "must be an object", "input" },
        { "prices.sim/a", "{ \"input\": 1 }", "$.prices['sim/a']", "has no 'output'", "US dollars per million tokens" },
        { "prices.sim/a", "{ \"output\": 1 }", "$.prices['sim/a']", "has no 'input'", "US dollars per million tokens" },
        { "prices.sim/a", "{ \"input\": \"1\", \"output\": 1 }", "$.prices['sim/a'].input", "must be a number, but is a string", "without quotes" },
        { "prices.sim/a", "{ \"input\": -1, \"output\": 1 }", "$.prices['sim/a'].input", "-1 is out of bounds", "from 0 to 1,000,000" },
        { "prices.sim/a", "{ \"input\": 1, \"output\": 1e30 }", "$.prices['sim/a'].output", "1e30 is out of bounds", "from 0 to 1,000,000" },
        { "prices.sim/a", "{ \"input\": 1, \"output\": 1, \"cachedinput\": 1 }", "$.prices['sim/a'].cachedinput", "unknown field", "did you mean 'cachedInput'?" },
        { "prices.sim/a", "{ \"input\": 1, \"output\": 1, \"reasoning\": -1 }", "$.prices['sim/a'].reasoning", "out of bounds", "default the rate of output" },
        { "prices.sim/a", "{ \"input\": 1, \"output\": 1, \"tiers\": {} }", "$.prices['sim/a'].tiers", "must be a list", "aboveInputTokens" },
        { "prices.sim/a", "{ \"input\": 1, \"output\": 1, \"tiers\": [ 1 ] }", "$.prices['sim/a'].tiers[0]", "must be an object", "aboveInputTokens" },
        { "prices.sim/a", "{ \"input\": 1, \"output\": 1, \"tiers\": [ { \"input\": 1, \"output\": 1 } ] }", "$.prices['sim/a'].tiers[0]", "has no 'aboveInputTokens'", "prompt tokens" },
        { "prices.sim/a", "{ \"input\": 1, \"output\": 1, \"tiers\": [ { \"aboveInputTokens\": 1.5, \"input\": 1, \"output\": 1 } ] }", "$.prices['sim/a'].tiers[0].aboveInputTokens", "1.5 is not a whole number", "1,000,000,000" },
        { "prices.sim/a", "{ \"input\": 1, \"output\": 1, \"tiers\": [ { \"aboveInputTokens\": 1, \"input\": 1, \"output\": 1 }, { \"aboveInputTokens\": 1, \"input\": 1, \"output\": 1 } ] }", "$.prices['sim/a'].tiers[1].aboveInputTokens", "1 is already at $.prices['sim/a'].tiers[0]", "of its own" },
        { "prices.gpt", "{ \"input\": 1, \"output\": 1 }", "$.prices.gpt", "'gpt' is neither a target nor a beginning of targets", "openai/*" },
        { "prices.", "{ \"input\": 1, \"output\": 1 }", "$.prices['']", "is neither a target nor a beginning of targets", "openai/*" },
        { "prices.sim/*a", "{ \"input\": 1, \"output\": 1 }", "$.prices['sim/*a']", "is neither a target nor a beginning of targets", "openai/*" },
        { "prices.opnai/*", "{ \"input\": 1, \"output\": 1 }", "$.prices['opnai/*']", "no provider 'opnai'", "did you mean 'openai'?" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Wrong_value_is_reported_with_path_and_fix(string set, string json, string path, string message, string fix) =>
        ConfigText.OnlyError(ConfigText.With(set, json), path, message, fix, new FakeEnvironment().Variable("KEY", "client-key-1").Variable("OTHER", "client-key-2"));

    [Fact]
    public void Wrong_key_does_not_also_count_as_no_key()
    {
        var text = ConfigText.With("listen.gateway", "\":8080\"", ConfigText.With("keys", """[ { "name": "a", "key": "plain" } ]"""));

        ConfigText.OnlyError(text, "$.keys[0].key", "do not belong", "env:NAME");
    }
}
