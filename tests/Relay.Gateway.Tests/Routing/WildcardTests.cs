using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Gateway.Config;
using Relay.Gateway.Routing;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Routing;

/// <summary>Models whose names end in a star.</summary>
public sealed class WildcardTests
{
    [Theory]
    [InlineData("p0/gpt-4.1", "gpt-4.1", "p0/gpt-4.1", "p0/*")]
    [InlineData("p0/meta/llama:70b@x+y", "meta/llama:70b@x+y", "p0/meta/llama:70b@x+y", "p0/*")]
    [InlineData("p0/long/name", "at-the-longest/name", "p1/at-the-longest/name", "p1/at-the-longest/*")]
    [InlineData("p0/exact", "gpt-sim", "p1/gpt-sim", "p1/gpt-sim")]
    public async Task Name_ReachesTheModelOfThatNameUnderTheWildcardsLabel(string asked, string upstream, string target, string label)
    {
        await using var rig = await StartAsync();

        var chat = await AskAsync(rig, asked);

        Assert.Equal((200, target), (chat.Status, chat.Target));
        using var json = JsonDocument.Parse(chat.Bytes);
        Assert.Equal(upstream, json.RootElement.GetProperty("model").GetString());
        var record = await rig.Records.NextAsync();
        Assert.Equal((asked, label), (record.AskedModel, record.Target));
        Assert.DoesNotContain("gpt-4.1", rig.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Price_IsThatOfTheRealName()
    {
        await using var rig = await StartAsync();

        await AskAsync(rig, "p0/dear");
        await AskAsync(rig, "p0/unknown");

        Assert.NotNull((await rig.Records.NextAsync()).Cost);
        Assert.Null((await rig.Records.NextAsync()).Cost);
    }

    [Theory]
    [InlineData("p0/")]
    [InlineData("p0/*")]
    [InlineData("p0/a b")]
    [InlineData("p0/../admin")]
    [InlineData("p0/a//b")]
    [InlineData("p0/..")]
    [InlineData("p0/é")]
    [InlineData("p0/a?b=c")]
    [InlineData("other/a")]
    public async Task NameThatIsNone_IsUnknown(string asked)
    {
        await using var rig = await StartAsync();

        var chat = await AskAsync(rig, asked);

        Assert.Equal((404, "model_not_found"), (chat.Status, chat.ErrorCode));
        Assert.Equal(0, rig.Primary.Log.Total);
    }

    /// <summary>A client that asks for names that do not exist must not open the breaker for those who ask for others.</summary>
    [Fact]
    public async Task NameThatTheProviderDoesNotKnow_IsTheCallersErrorAndNoFailure()
    {
        await using var rig = await StartAsync(BreakerOptions.Default with { ConsecutiveFailures = 1 });
        rig.Primary.Faults.Add("*", "status=404,times=1");

        var unknown = await AskAsync(rig, "p0/nonsense");
        var known = await AskAsync(rig, "p0/gpt-4.1");

        Assert.Equal((404, "model_not_found"), (unknown.Status, unknown.ErrorCode));
        Assert.Equal((200, 1), (known.Status, known.Attempts));
        Assert.Equal(Verdict.Neutral, (await rig.Records.NextAsync()).Attempts[0].Verdict);
    }

    [Fact]
    public async Task NameThatOneProviderDoesNotKnow_GoesToTheNextTarget()
    {
        await using var rig = await StartAsync();
        rig.Primary.Faults.Add("*", "status=404,times=1");

        var chat = await AskAsync(rig, "both/gpt-4.1");

        Assert.Equal((200, "p1/gpt-4.1", 2), (chat.Status, chat.Target, chat.Attempts));
    }

    [Fact]
    public async Task Breaker_IsSharedByAllNames()
    {
        await using var rig = await StartAsync(BreakerOptions.Default with { ConsecutiveFailures = 1 });
        rig.Primary.Faults.Add("*", "unauthorized,times=1");

        await AskAsync(rig, "both/one");
        var other = await AskAsync(rig, "both/two");

        Assert.Equal(("p1/two", 1), (other.Target, other.Attempts));
    }

    [Fact]
    public async Task ManyNames_AreForgottenAndMakeNoLabels()
    {
        await using var rig = await StartAsync();
        for (var i = 0; i < 2 * WildcardRoute.MaxKept; i++)
        {
            Assert.Equal(200, (await AskAsync(rig, "p0/model-" + i)).Status);
        }

        Assert.DoesNotContain("model-", rig.Scrape(), StringComparison.Ordinal);
        Assert.Contains("llm_requests_total{model=\"p0/*\",target=\"p0/*\"", rig.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_AreKeptUpToTheirBound()
    {
        var made = 0;
        var options = new ModelOptions { Name = "a/*", Targets = [new() { Provider = "a", UpstreamModel = "*" }] };
        var wildcard = new WildcardRoute(new ModelRoute(options, [], new()), (_, _) => throw new InvalidOperationException("no target"));
        for (var i = 0; i < 1000; i++)
        {
            made += wildcard.For("a/" + i) is null ? 0 : 1;
            Assert.Same(wildcard.For("a/" + i), wildcard.For("a/" + i));
            Assert.InRange(wildcard.Kept, 1, WildcardRoute.MaxKept);
        }

        Assert.Equal(1000, made);
    }

    [Fact]
    public async Task Routes_AskedForAtOnce_AreAllMadeAndKeptWithinTheBound()
    {
        const int Askers = 8;
        var options = new ModelOptions { Name = "a/*", Targets = [new() { Provider = "a", UpstreamModel = "*" }] };
        var wildcard = new WildcardRoute(new ModelRoute(options, [], new()), (_, _) => throw new InvalidOperationException("no target"));
        using var together = new Barrier(Askers);
        var most = 0;
        var found = await Task.WhenAll(Enumerable.Range(0, Askers).Select(asker => Task.Factory.StartNew(
            () =>
            {
                var routes = 0;
                together.SignalAndWait(Patience.Token);
                for (var i = 0; i < 4 * WildcardRoute.MaxKept; i++)
                {
                    // Half of the names are everybody's, the others one asker's own.
                    routes += wildcard.For(i % 2 == 0 ? $"a/{i}" : $"a/{asker}-{i}") is null ? 0 : 1;
                    InterlockedMax(ref most, wildcard.Kept);
                }

                return routes;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.All(found, routes => Assert.Equal(4 * WildcardRoute.MaxKept, routes));
        Assert.InRange(most, 1, WildcardRoute.MaxKept);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    [Fact]
    public async Task List_HasTheWildcardAndSingleNamesAreFound()
    {
        await using var rig = await StartAsync();

        var list = await rig.Client.GetStringAsync("/v1/models");
        var one = await rig.Client.GetStringAsync("/v1/models/p0/gpt-4.1");

        Assert.Contains("\"id\":\"p0/*\"", list, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"p0/gpt-4.1\"", one, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p0/*", 200, 200)]
    [InlineData("p0/gpt-4.1", 200, 403)]
    [InlineData("p0/exact", 403, 403)]
    public async Task Key_MayUseAWildcardOrSingleNamesOfIt(string allowed, int first, int second)
    {
        await using var rig = await StartAsync(key: allowed);
        rig.Client.DefaultRequestHeaders.Add("x-api-key", "k");

        Assert.Equal((first, second), ((await AskAsync(rig, "p0/gpt-4.1")).Status, (await AskAsync(rig, "p0/gpt-4o")).Status));
    }

    private static async Task<Chat> AskAsync(Rig rig, string model)
    {
        using var response = await rig.PostAsync(Rig.Body().Replace(Rig.Model, model, StringComparison.Ordinal));
        return await Chat.ReadAsync(response, stream: false);
    }

    private static Task<Rig> StartAsync(BreakerOptions? breaker = null, string? key = null)
    {
        ModelOptions Model(RelayConfig c, string name, params string[] targets) => c.Models[Rig.Model] with
        {
            Name = name,
            Targets = [.. targets.Select(t => new TargetOptions { Provider = t[..2], UpstreamModel = t[3..] })],
        };

        return Rig.StartAsync(new()
        {
            Breaker = breaker ?? BreakerOptions.Default,
            Config = c => c with
            {
                Models = new[]
                {
                    Model(c, "p0/*", "p0/*"), Model(c, "p0/long/*", "p1/at-the-longest/*"), Model(c, "p0/exact", "p1/gpt-sim"), Model(c, "both/*", "p0/*", "p1/*"),
                }.ToFrozenDictionary(m => m.Name),
                Prices = new PriceBook([KeyValuePair.Create("p0/dear", new Price(new PriceRates { Input = 2m, Output = 8m }))]),
                Keys = key is null ? [] : [new() { Name = "app", Sha256 = [.. SHA256.HashData("k"u8)], Models = [key] }],
            },
        });
    }
}
