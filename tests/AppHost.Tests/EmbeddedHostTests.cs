using System.ClientModel;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Relay.AppHost;

namespace AppHost.Tests;

public sealed class EmbeddedHostTests
{
    private static readonly string[] DemoModels = ["chat-default", "chat-split", "embed-default"];

    [Fact]
    public async Task Demo_OfficialClientGetsAnAnswer_AndTheStatsShowIt()
    {
        await using var host = new EmbeddedHost(config: null, anyPort: true);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = Client(host);

        var answer = await client.CompleteChatAsync("Hello");

        Assert.NotEmpty(answer.Value.Content[0].Text);
        var model = await ModelStatsAsync(host);
        Assert.Equal(1, model.GetProperty("requests").GetInt32());
        Assert.True(model.GetProperty("costUsd").GetDecimal() > 0);
        Assert.Equal("closed", model.GetProperty("targets")[0].GetProperty("breaker").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Demo_UnpluggedProvider_IsNotNoticed()
    {
        await using var host = new EmbeddedHost(config: null, anyPort: true);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = Client(host);
        var before = await client.CompleteChatAsync("Hello");

        host.Demo.Servers[0].Unplug();
        var after = await client.CompleteChatAsync("Hello");

        Assert.Equal(before.Value.Content[0].Text, after.Value.Content[0].Text);
        var model = await ModelStatsAsync(host);
        Assert.Equal(2, model.GetProperty("successes").GetInt32());
        Assert.Equal(1, model.GetProperty("failovers").GetInt32());
    }

    [Fact]
    public async Task Demo_ServesThePageAndItsModels()
    {
        await using var host = new EmbeddedHost(config: null, anyPort: true);
        await host.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();

        var page = await http.GetAsync(host.Api!.Url);
        var models = await http.GetFromJsonAsync<JsonElement>(new Uri(host.Gateway!.Url, "/v1/models"));

        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal(DemoModels, models.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Demo_BreakerHeldOpenWithTheTokenOfTheBanner_MovesTheTraffic_AndTheStoryIsTold()
    {
        await using var host = new EmbeddedHost(config: null, anyPort: true);
        await host.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = host.Api!.Url };
        var path = new Uri("/api/v1/breakers/sim-a/gpt-sim", UriKind.Relative);

        using var refused = await http.PutAsJsonAsync(path, new { force = "open" });
        http.DefaultRequestHeaders.Authorization = new("Bearer", host.DemoAdminToken!.Reveal());
        using var held = await http.PutAsJsonAsync(path, new { force = "open", note = "try it" });
        await host.Gateway!.FlushAsync();
        await Client(host).CompleteChatAsync("Hello");
        await host.Gateway.FlushAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (refused.StatusCode, held.StatusCode));
        Assert.Equal(0, host.Demo.Servers[0].Log.Total);
        var breaker = (await http.GetFromJsonAsync<JsonElement>(path)).GetProperty("breaker");
        Assert.Equal(("open", "forced"), (breaker.GetProperty("state").GetString(), breaker.GetProperty("reason").GetString()));
        var story = (await http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/failovers?model=chat-default", UriKind.Relative))).GetProperty("failovers")[0];
        Assert.Equal(
            ("sim-a/gpt-sim", "sim-b/gpt-sim", "passed_over"),
            (story.GetProperty("from").GetString(), story.GetProperty("to").GetString(), story.GetProperty("error").GetString()));
        var audit = (await http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/audit", UriKind.Relative))).GetProperty("entries");
        Assert.Equal("try it", Assert.Single(audit.EnumerateArray()).GetProperty("note").GetString());
    }

    [Fact]
    public async Task Demo_TokenIsAnotherOneAtEachStart()
    {
        await using var first = new EmbeddedHost(config: null, anyPort: true);
        await using var second = new EmbeddedHost(config: null, anyPort: true);
        await first.StartAsync(TestContext.Current.CancellationToken);
        await second.StartAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(first.DemoAdminToken, second.DemoAdminToken);
    }

    private static ChatClient Client(EmbeddedHost host) =>
        new("chat-default", new ApiKeyCredential("unused"), new OpenAIClientOptions { Endpoint = new Uri(host.Gateway!.Url, "/v1") });

    private static async Task<JsonElement> ModelStatsAsync(EmbeddedHost host)
    {
        await host.Gateway!.FlushAsync();
        using var http = new HttpClient();
        var stats = await http.GetFromJsonAsync<JsonElement>(new Uri(host.Api!.Url, "/api/v1/models?window=5m"));
        return stats.GetProperty("models").EnumerateArray().Single(m => m.GetProperty("model").GetString() == "chat-default");
    }
}
