using System.ClientModel;
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
