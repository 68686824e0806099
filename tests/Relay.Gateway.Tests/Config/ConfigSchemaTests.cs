using System.Globalization;
using System.Text.Json.Nodes;

namespace Relay.Gateway.Tests.Config;

/// <summary>Holds docs/relay.schema.json, which editors read, to the readers, which decide.</summary>
public sealed class ConfigSchemaTests
{
    private const string Digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    private static JsonObject Text => (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(ConfigExample.Root, "docs", "relay.schema.json")))!;

    private static SchemaEvaluator Schema => new(Text);

    /// <summary>What both refuse: where, and what is written there; null removes the field.</summary>
    public static TheoryData<string, string?> Wrong => new()
    {
        { "providers", null }, { "models", null }, { "providers", "{}" }, { "models", "{}" }, { "providers", "[]" }, { "models", "1" },
        { "$schema", "1" }, { "unknown", "1" }, { "dataDir", "1" }, { "dataDir", "\"\"" }, { "dataDir", "\"~/relay\"" }, { "dataDir", "\"a\\u0000b\"" },
        { "listen.gateway", "\"nowhere\"" }, { "listen.api", "8090" }, { "listen.gateway", "\"127.0.0.1\"" }, { "listen.port", "1" }, { "listen.gateway", "\"localhost:http\"" },
        { "listen.apiHosts", "[ \"http://a/b\" ]" }, { "listen.apiHosts", "\"a\"" }, { "listen.drain", "30" }, { "listen.minClientBytesPerSecond", "-1" }, { "providers.sim.http2", "2" },
        { "providers.a/b", "{ \"baseUrl\": \"http://h/v1\" }" }, { "providers.x", "{}" }, { "providers.sim.baseURL", "\"x\"" }, { "providers.sim.dialect", "\"opnai\"" },
        { "providers.sim.baseUrl", "\"ftp://h/v1\"" }, { "providers.sim.baseUrl", "\"h/v1\"" }, { "providers.sim.baseUrl", "\"http://h/v1?key=1\"" },
        { "providers.sim.baseUrl", "\"http://u:p@h/v1\"" }, { "providers.sim.apiKey", "\"sk-literal\"" }, { "providers.sim.apiKey", "\"env:a b\"" }, { "providers.sim.apiKey", "\"file:\"" },
        { "providers.sim.credentials", "[]" }, { "providers.sim.credentials", "{}" }, { "providers.sim.credentials", "[ \"env:KEY\" ]" }, { "providers.sim.credentials", "[ { \"name\": \"a\" } ]" },
        { "providers.sim.credentials", "[ { \"apiKey\": \"sk-literal\" } ]" }, { "providers.sim.credentials", "[ { \"name\": \"a b\", \"apiKey\": \"env:KEY\" } ]" }, { "providers.sim.credentials", "[ { \"apiKey\": \"env:KEY\", \"weight\": 101 } ]" },
        { "providers.sim.credentials", "[ { \"apiKey\": \"env:KEY\", \"weight\": 0.5 } ]" }, { "providers.sim.credentials", "[ { \"apiKey\": \"env:KEY\", \"share\": 1 } ]" }, { "providers.sim.credentialRetryAfter", "\"0s\"" }, { "providers.sim.credentialRetryAfter", "60" },
        { "providers.openai.egress", "1" }, { "providers.openai.egress.noProxy", "[]" }, { "providers.openai.egress.proxy", "\"proxy:3128\"" }, { "providers.openai.egress.proxy", "\"socks5://h:1\"" }, { "providers.openai.egress.proxy", "\"http://u:p@h:1\"" },
        { "providers.openai.egress.proxy", "\"http://h:1/path\"" }, { "providers.openai.egress.caFile", "\"\"" }, { "providers.openai.egress.caFile", "\"~/ca.pem\"" }, { "providers.openai.egress.clientCertificate", "\"a.pem\"" }, { "providers.openai.egress.clientCertificate", "{ \"keyFile\": \"a\" }" },
        { "providers.openai.egress.clientCertificate", "{ \"certFile\": 1 }" }, { "providers.openai.egress.connectionIdle", "\"0s\"" }, { "providers.openai.egress.connectionLifetime", "900" },
        { "providers.sim.headers", "[]" }, { "providers.sim.headers.Authorization", "\"Bearer x\"" }, { "providers.sim.headers.host", "\"h\"" }, { "providers.sim.headers.X A", "\"v\"" },
        { "providers.sim.headers.X-A", "\"\"" }, { "providers.sim.headers.X-A", "\"é\"" }, { "providers.sim.headers.X-A", "1" },
        { "providers.sim.maxConnections", "0" }, { "providers.sim.maxConnections", "100001" }, { "providers.sim.maxConnections", "1.5" }, { "providers.sim.maxConnections", "\"1\"" },
        { "models.m.strategy", "\"best\"" }, { "models.m.targets", null }, { "models.m.targets", "[]" }, { "models.m.targets", "[ \"gpt\" ]" }, { "models.m.targets", "[ \"sim/a\", \"sim/a\" ]" },
        { "models.m.targets", "[ { \"target\": \"sim/a\", \"weight\": -1 } ]" }, { "models.m.targets", "[ { \"weight\": 1 } ]" }, { "models.m.targets", "[ { \"target\": \"sim/a\", \"reasoning\": 1 } ]" },
        { "models.m.targets", "[ { \"target\": \"sim/a\", \"wait\": 1 } ]" }, { "models.m.target", "\"sim/a\"" }, { "models.", "{ \"targets\": [ \"sim/a\" ] }" }, { "models. m", "{ \"targets\": [ \"sim/a\" ] }" },
        { "models.m.timeouts.idle", "5" }, { "models.m.timeouts.idle", "\"5\"" }, { "models.m.timeouts.idle", "\"0s\"" }, { "models.m.timeouts.idle", "\"-1s\"" }, { "models.m.timeouts.idle", "\"1 s\"" },
        { "models.m.timeouts.reasoningFactor", "21" }, { "models.m.timeouts.none", "\"1s\"" }, { "defaults.timeouts.total", "\"0ms\"" }, { "defaults.models", "{}" }, { "defaults.retry.maxPerTarget", "11" },
        { "defaults.retry.budgetRatio", "1.1" }, { "defaults.breaker.failureRatio", "0" }, { "defaults.breaker.enabled", "\"yes\"" }, { "defaults.breaker.window", "\"0s\"" }, { "defaults.breaker.jitter", "0.6" },
        { "keys", "{}" }, { "keys", "[ { \"key\": \"env:KEY\" } ]" }, { "keys", "[ { \"name\": \"a\" } ]" }, { "keys", "[ { \"name\": \"\", \"key\": \"env:KEY\" } ]" }, { "keys", "[ { \"name\": \"a\", \"key\": \"plain\" } ]" },
        { "keys", "[ { \"name\": \"a\", \"key\": \"sha256:12\" } ]" }, { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"models\": [] } ]" }, { "keys", "[ { \"name\": \"a\", \"key\": \"env:KEY\", \"models\": [ \"m\", \"m\" ] } ]" },
        { "keys", $"[ {{ \"name\": \"a\", \"key\": \"sha256:{Digest}\", \"requestsPerMinute\": 0 }} ]" }, { "keys", $"[ {{ \"name\": \"a\", \"key\": \"sha256:{Digest}\", \"overrides\": \"tags\" }} ]" },
        { "keys", $"[ {{ \"name\": \"a\", \"key\": \"sha256:{Digest}\", \"overrides\": [ \"tag\" ] }} ]" }, { "keys", $"[ {{ \"name\": \"a\", \"key\": \"sha256:{Digest}\", \"overrides\": [ \"tags\", \"tags\" ] }} ]" },
        { "models.a*b", "{ \"targets\": [ \"sim/a\" ] }" }, { "models.a*", "{ \"targets\": [ \"sim/a*b\" ] }" }, { "models.m.affinity", "\"yes\"" },
        { "prices", "[]" }, { "prices.gpt", "{ \"input\": 1, \"output\": 1 }" }, { "prices.sim/*a", "{ \"input\": 1, \"output\": 1 }" }, { "prices.sim/a", "{ \"input\": 1 }" }, { "prices.sim/a", "{ \"input\": -1, \"output\": 1 }" },
        { "prices.sim/a", "{ \"input\": 1, \"output\": 1000001 }" }, { "prices.sim/a", "{ \"input\": \"1\", \"output\": 1 }" }, { "prices.sim/a", "{ \"input\": 1, \"output\": 1, \"tiers\": [ { \"input\": 1, \"output\": 1 } ] }" },
        { "admin", "[]" }, { "admin", "\"env:KEY\"" }, { "admin.token", "\"a-literal-token-of-24-char\"" }, { "admin.token", "1" }, { "admin.key", "\"env:KEY\"" },
        { "limits.maxBody", "1" }, { "limits.maxSseLineBytes", "1" }, { "limits.maxConcurrentRequests", "1000001" }, { "limits.maxRequestBodyBytes", "2048.5" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_file_is_refused_by_schema_and_readers(string path, string? json)
    {
        var text = ConfigText.With(path, json);

        Assert.NotEmpty(Schema.Check(JsonNode.Parse(text)));
        Assert.False(ConfigText.Parse(text, new FakeEnvironment().Variable("KEY", "k")).IsValid);
    }

    [Theory]
    [InlineData("samples/relay.json")]
    [InlineData("samples/two-providers.json")]
    [InlineData("AppHost/Demo/demo.json")]
    public void Sample_validates(string file)
    {
        var sample = ConfigExample.Relax(File.ReadAllText(Path.Combine(ConfigExample.Root, file)));

        Assert.Empty(Schema.Check(sample));
        if (sample["$schema"] is { } schema)
        {
            Assert.True(File.Exists(Path.Combine(ConfigExample.Root, Path.GetDirectoryName(file)!, (string)schema!)));
        }
    }

    [Fact]
    public void Minimal_file_and_full_example_validate()
    {
        Assert.Empty(Schema.Check(JsonNode.Parse(ConfigText.Minimal)));
        Assert.Empty(Schema.Check(ConfigExample.Json()));
    }

    [Fact]
    public void Schema_names_exactly_the_fields_that_the_readers_accept()
    {
        var schema = Schema;
        var met = new HashSet<JsonObject>(ReferenceEqualityComparer.Instance);
        foreach (var (path, fields) in ConfigExample.AcceptedFields())
        {
            var at = schema.At(path);
            met.Add(at);
            Assert.Equal(fields.Order(StringComparer.Ordinal), at["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
            Assert.False((bool)at["additionalProperties"]!);
            Assert.All(at["properties"]!.AsObject(), p => Assert.True(p.Value!["description"] is not null || p.Value["$ref"] is not null, $"{path}.{p.Key} has no description"));
        }

        Assert.Empty(schema.Objects().Where(o => !met.Contains(o)).Select(o => o.GetPath()));
    }

    [Fact]
    public void Schema_has_the_bounds_and_defaults_that_the_readers_tell()
    {
        var told = 0;
        foreach (var (path, bounds, fallback) in ConfigExample.ToldBounds())
        {
            told++;
            var at = Schema.At(path);
            var ends = bounds.Replace("up to", "to", StringComparison.Ordinal).Split(' ');
            if ((string)at["type"]! == "string")
            {
                Assert.Contains($"From {ends[1]} to {ends[3]}.", (string)at["description"]!, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal((path, Number(ends[1])), (path, (decimal)at[ends[0] == "above" ? "exclusiveMinimum" : "minimum"]!));
                Assert.Equal((path, Number(ends[3])), (path, (decimal)at["maximum"]!));
            }

            Assert.Equal((path, fallback.Contains(' ', StringComparison.Ordinal) ? null : fallback.Replace(",", "", StringComparison.Ordinal)), (path, at["default"]?.ToJsonString()));
        }

        Assert.True(told > 30, $"only {told} bounds were found");
    }

    /// <summary>A file in which every default of the schema is written out means the same as one without.</summary>
    [Fact]
    public void Defaults_of_the_schema_written_out_change_nothing()
    {
        var written = (JsonObject)JsonNode.Parse(ConfigText.Minimal)!;
        foreach (var section in new[] { "listen", "limits" })
        {
            written[section] = Defaults($"$.{section}");
        }

        written["dataDir"] = Schema.At("$.dataDir")["default"]!.DeepClone();
        written["defaults"] = new JsonObject { ["timeouts"] = Defaults("$.defaults.timeouts"), ["retry"] = Defaults("$.defaults.retry"), ["rescue"] = Defaults("$.defaults.rescue"), ["breaker"] = Defaults("$.defaults.breaker") };
        Add(written["providers"]!["sim"]!.AsObject(), Defaults("$.providers.sim"));
        Add(written["models"]!["m"]!.AsObject(), Defaults("$.models.m"));
        var target = Defaults("$.models.m.targets[0]");
        target["target"] = "openai/gpt-4.1";
        written["models"]!["m"]!["targets"] = new JsonArray(target);

        var (plain, full) = (ConfigText.Valid(ConfigText.Minimal), ConfigText.Valid(written.ToJsonString()));

        Assert.Equal((plain.Listen, plain.Limits, plain.DataDir), (full.Listen, full.Limits, full.DataDir));
        Assert.True(plain.Providers["sim"].IsSameAs(full.Providers["sim"]));
        var (a, b) = (plain.Models["m"], full.Models["m"]);
        Assert.Equal((a.Strategy, a.Timeouts, a.Retry, a.Rescue, a.Breaker), (b.Strategy, b.Timeouts, b.Retry, b.Rescue, b.Breaker));
        Assert.Equal(a.Targets.AsEnumerable(), b.Targets);
        Assert.Equal(2, target.Count - 1);
    }

    [Fact]
    public void Planted_UnknownKeyword_IsNotPassedOver() =>
        Assert.Throws<NotSupportedException>(() => new SchemaEvaluator(new JsonObject { ["multipleOf"] = 2 }).Check(1));

    private static JsonObject Defaults(string path) => new(Schema.At(path)["properties"]!.AsObject()
        .Where(p => p.Value!["default"] is not null)
        .Select(p => KeyValuePair.Create(p.Key, p.Value!["default"]?.DeepClone())));

    private static void Add(JsonObject to, JsonObject fields)
    {
        foreach (var (name, value) in fields)
        {
            to[name] = value?.DeepClone();
        }
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
