using System.Net;
using System.Security.Cryptography;
using System.Text;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Routing;
using Relay.Gateway.Config;

namespace Relay.Gateway.Tests.Config;

/// <summary>What a valid file becomes.</summary>
public sealed class ConfigLoaderTests
{
    [Fact]
    public void Minimal_file_gives_every_default()
    {
        var config = ConfigText.Valid(ConfigText.Minimal);

        Assert.Equal("/relay/relay.json", config.Path);
        Assert.Equal("/relay/.relay", config.DataDir);
        Assert.Equal(new ListenOptions(), config.Listen);
        Assert.Equal(new LimitOptions(), config.Limits);
        Assert.Empty(config.Keys);
        Assert.Equal(0, config.Prices.Count);
        var model = config.Models["m"];
        Assert.Equal(("m", RoutingStrategy.Priority), (model.Name, model.Strategy));
        Assert.Equal((TimeoutOptions.Default, RetryOptions.Default, BreakerOptions.Default), (model.Timeouts, model.Retry, model.Breaker));
        Assert.Equal(new TargetOptions { Provider = "openai", UpstreamModel = "gpt-4.1" }, Assert.Single(model.Targets));
        Assert.Null(config.Providers["sim"].ApiKey);
    }

    [Fact]
    public void Version_is_the_beginning_of_the_files_digest()
    {
        var bytes = Encoding.UTF8.GetBytes(ConfigText.Minimal);

        var config = ConfigLoader.Parse(bytes, null, new FakeEnvironment()).Config!;

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes))[..12], config.Version);
        Assert.Null(config.Path);
        Assert.Equal("/relay/.relay", config.DataDir);
    }

    [Theory]
    [InlineData("127.0.0.1:81", "127.0.0.1", 81)]
    [InlineData("localhost:0", "127.0.0.1", 0)]
    [InlineData(":81", "0.0.0.0", 81)]
    [InlineData("0.0.0.0:81", "0.0.0.0", 81)]
    [InlineData("[::]:81", "::", 81)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void Listen_address_is_read(string text, string address, int port)
    {
        var env = new FakeEnvironment().Variable("KEY", "k");
        var json = ConfigText.With("keys", """[ { "name": "a", "key": "env:KEY" } ]""", ConfigText.With("listen.gateway", $"\"{text}\""));

        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), ConfigText.Valid(json, env).Listen.Gateway);
    }

    [Theory]
    [InlineData("https://api.openai.com/v1/", "https://api.openai.com/v1")]
    [InlineData("https://api.openai.com/v1", "https://api.openai.com/v1")]
    [InlineData("http://h:8000//", "http://h:8000/")]
    [InlineData("HTTP://H:80/a/v1///", "http://h/a/v1")]
    public void Base_url_is_normalized(string text, string expected) =>
        Assert.Equal(expected, ConfigText.Valid(ConfigText.With("providers.sim.baseUrl", $"\"{text}\"")).Providers["sim"].BaseUrl.AbsoluteUri);

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("1.5s", 1500)]
    [InlineData("2m", 120_000)]
    [InlineData("0.05h", 180_000)]
    public void Duration_is_read(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ConfigText.Valid(ConfigText.With("models.m.timeouts.idle", $"\"{text}\"")).Models["m"].Timeouts.Idle);

    [Fact]
    public void Targets_keep_order_weight_reasoning_and_slashes()
    {
        var text = ConfigText.With("models.m", """{ "strategy": "weighted", "targets": [ "sim/org/model", { "target": "openai/o3", "weight": 0.5, "reasoning": true } ] }""");

        var model = ConfigText.Valid(text).Models["m"];

        Assert.Equal(RoutingStrategy.Weighted, model.Strategy);
        Assert.Equal(["sim/org/model", "openai/o3"], model.Targets.Select(t => t.Name));
        Assert.Equal("org/model", model.Targets[0].UpstreamModel);
        Assert.Equal((0.5, true), (model.Targets[1].Weight, model.Targets[1].Reasoning));
    }

    [Fact]
    public void Model_options_lie_over_the_defaults_field_by_field()
    {
        var text = ConfigText.With("defaults", """{ "timeouts": { "connect": "1s", "idle": "7s" }, "retry": { "maxPerTarget": 0 }, "breaker": { "enabled": false } }""");
        text = ConfigText.With("models.m.timeouts", """{ "idle": "9s" }""", text);

        var model = ConfigText.Valid(text).Models["m"];

        Assert.Equal(TimeoutOptions.Default with { Connect = TimeSpan.FromSeconds(1), Idle = TimeSpan.FromSeconds(9) }, model.Timeouts);
        Assert.Equal(RetryOptions.Default with { MaxPerTarget = 0 }, model.Retry);
        Assert.Equal(BreakerOptions.Default with { Enabled = false }, model.Breaker);
    }

    [Fact]
    public void Defaults_that_nobody_wrote_give_way_to_what_was_written()
    {
        var text = ConfigText.With("defaults.timeouts.total", "\"10s\"", ConfigText.With("models.m.breaker.openFor", "\"40s\""));
        text = ConfigText.With("models.m.retry.backoffMax", "\"100ms\"", text);
        text = ConfigText.With("models.long", """{ "targets": [ "sim/a" ], "timeouts": { "total": "10m", "firstToken": "3m" } }""", text);

        var config = ConfigText.Valid(text);

        var ten = TimeSpan.FromSeconds(10);
        var expected = TimeoutOptions.Default with { Total = ten, RequestWrite = ten, FirstToken = ten, FirstTokenLast = ten, Idle = ten, Attempt = ten };
        Assert.Equal(expected, config.Models["m"].Timeouts);
        Assert.Equal(TimeSpan.FromSeconds(40), config.Models["m"].Breaker.OpenForMax);
        Assert.Equal(TimeSpan.FromMilliseconds(100), config.Models["m"].Retry.BackoffBase);
        var three = TimeSpan.FromMinutes(3);
        Assert.Equal(TimeoutOptions.Default with { Total = TimeSpan.FromMinutes(10), FirstToken = three, FirstTokenLast = three }, config.Models["long"].Timeouts);
    }

    [Fact]
    public void Keys_are_kept_as_digests()
    {
        var env = new FakeEnvironment().Variable("KEY", "client-key");
        var digest = SHA256.HashData("client-key"u8);
        var other = SHA256.HashData("other"u8);
        var text = ConfigText.With("keys", $$"""[ { "name": "a", "key": "env:KEY", "models": [ "m" ], "requestsPerMinute": 60 }, { "name": "b", "key": "sha256:{{Convert.ToHexString(other)}}" } ]""");

        var keys = ConfigText.Valid(text, env).Keys;

        Assert.Equal(digest, keys[0].Sha256.AsEnumerable());
        Assert.Equal(("a", 60, "m"), (keys[0].Name, keys[0].RequestsPerMinute, Assert.Single(keys[0].Models)));
        Assert.Equal(other, keys[1].Sha256.AsEnumerable());
        Assert.Null(keys[1].RequestsPerMinute);
        Assert.Empty(keys[1].Models);
    }

    [Fact]
    public void Prices_are_exact_decimals_with_tiers_and_wildcards()
    {
        var text = ConfigText.With("prices", """
            {
              "openai/gpt-4.1": { "input": 0.1, "cachedInput": 0.02, "cacheWrite5m": 0.3, "cacheWrite1h": 0.4, "output": 0.123456789, "reasoning": 5, "audioInput": 6, "audioOutput": 7,
                "tiers": [ { "aboveInputTokens": 1000, "input": 1, "output": 2 }, { "aboveInputTokens": 2000, "input": 3, "output": 4 } ] },
              "sim/*": { "input": 0, "output": 0 }
            }
            """);

        var book = ConfigText.Valid(text).Prices;

        var price = book.Find("openai/gpt-4.1")!;
        var rates = new PriceRates { Input = 0.1m, CachedInput = 0.02m, CacheWrite5m = 0.3m, CacheWrite1h = 0.4m, Output = 0.123456789m, Reasoning = 5, AudioInput = 6, AudioOutput = 7 };
        Assert.Equal(rates, price.RatesFor(1000));
        Assert.Equal(new PriceRates { Input = 1, Output = 2 }, price.RatesFor(1001));
        Assert.Equal(new PriceRates { Input = 3, Output = 4 }, price.RatesFor(2001));
        Assert.NotNull(book.Find("sim/any"));
        Assert.Null(book.Find("openai/other"));
    }

    [Fact]
    public void Load_reads_the_file_relative_to_the_working_folder()
    {
        var env = new FakeEnvironment().File("/relay/conf/relay.json", ConfigText.With("dataDir", "\"../data\""));

        var config = ConfigLoader.Load("conf/relay.json", env).Config!;

        Assert.Equal(("/relay/conf/relay.json", "/relay/data"), (config.Path, config.DataDir));
    }

    [Fact]
    public void Load_says_where_it_looked()
    {
        var env = new FakeEnvironment();
        env.Unreadable.Add("/relay/locked.json");

        Assert.Equal("$: there is no file /relay/nope.json; correct the path", ConfigLoader.Load("nope.json", env).ToString());
        Assert.Contains("/relay/locked.json cannot be read", ConfigLoader.Load("locked.json", env).ToString(), StringComparison.Ordinal);
    }
}
