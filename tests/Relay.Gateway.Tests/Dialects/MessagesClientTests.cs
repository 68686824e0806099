using System.Text;
using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Dialects;

/// <summary>A client of Anthropic's Messages API before providers of every dialect.</summary>
public sealed class MessagesClientTests
{
    public static TheoryData<Dialect> All => [Dialect.OpenAi, Dialect.Anthropic, Dialect.Gemini];

    [Theory]
    [MemberData(nameof(All))]
    public async Task PlainAnswer_IsAMessage(Dialect dialect)
    {
        await using var rig = await StartAsync(_ => dialect);

        var (status, body) = await PostAsync(rig, Body());

        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        Assert.Equal((200, "message", "assistant", "end_turn"), (status, Text(root, "type"), Text(root, "role"), Text(root, "stop_reason")));
        Assert.Equal(rig.Expected(), root.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.True(root.GetProperty("usage").GetProperty("output_tokens").GetInt32() > 0);
        var record = await rig.Records.NextAsync();
        Assert.Equal(("messages", ErrorKind.None, false), (record.Endpoint, record.Error, record.Usage!.Value.Estimated));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Stream_IsOneOfMessages(Dialect dialect)
    {
        await using var rig = await StartAsync(_ => dialect);

        var (status, body) = await PostAsync(rig, Body(stream: true));

        Assert.Equal(200, status);
        AssertWhole(body, rig.Expected());
        Assert.False((await rig.Records.NextAsync()).Usage!.Value.Estimated);
    }

    [Fact]
    public async Task StreamOfTheSameDialect_PassesThroughByteForByte()
    {
        var events = Messages("Hello", " there") + Stop;
        await using var raw = await RawRig.StreamAsync(events, new RigOptions { Dialect = _ => Dialect.Anthropic });

        var (_, body) = await PostAsync(raw.Rig, Body(stream: true));

        Assert.Equal(events, body);
        var record = await raw.Rig.Records.NextAsync();
        Assert.Equal((3L, 100L, 7L), (record.Usage!.Value.InputTokens, record.Usage.Value.CachedInputTokens, record.Usage.Value.OutputTokens));
    }

    [Fact]
    public async Task VersionAndBetaOfTheClient_PassOnToTheSameDialect()
    {
        var head = "";
        await using var raw = await RawRig.StartAsync(
            call =>
            {
                head = call.Head;
                return call.SendStreamAsync(Messages("Hi") + Stop);
            },
            new RigOptions { Dialect = _ => Dialect.Anthropic });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages?beta=true") { Content = new StringContent(Body(stream: true), Encoding.UTF8, "application/json") };
        request.Headers.Add("anthropic-version", "2026-10-21");
        request.Headers.Add("anthropic-beta", "a-1,b-2");

        using var response = await raw.Rig.Client.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("anthropic-version: 2026-10-21\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("2023-06-01", head, StringComparison.Ordinal);
        Assert.Contains("anthropic-beta: a-1,b-2\r\n", head, StringComparison.Ordinal);
        Assert.Contains("x-api-key: sk-upstream-secret\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThinkingOfAnotherModel_IsNotSentToAnthropic()
    {
        byte[] seen = [];
        await using var raw = await RawRig.StartAsync(
            call =>
            {
                seen = call.Body;
                return call.SendStreamAsync(Messages("Hi") + Stop);
            },
            new RigOptions { Dialect = _ => Dialect.Anthropic });
        var body = Body(stream: true).Replace(
            "\"messages\":[",
            "\"messages\":[" + """{"role":"user","content":"before"},{"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"relay:"},{"type":"text","text":"well"}]},""",
            StringComparison.Ordinal);

        var (status, _) = await PostAsync(raw.Rig, body);

        Assert.Equal(200, status);
        using var json = JsonDocument.Parse(seen);
        var content = json.RootElement.GetProperty("messages")[1].GetProperty("content");
        Assert.Equal("text", Text(Assert.Single(content.EnumerateArray()), "type"));
        Assert.Equal(Rig.Upstream, Text(json.RootElement, "model"));
    }

    public static TheoryData<Dialect, Dialect> Pairs()
    {
        var data = new TheoryData<Dialect, Dialect>();
        foreach (var from in All)
        {
            foreach (var to in All)
            {
                data.Add(from, to);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task BrokenStream_IsContinuedAsOneMessage(Dialect from, Dialect to)
    {
        await using var rig = await StartAsync(i => i == 0 ? from : to);
        rig.Primary.Faults.Add("*", "cut-after=5,end=clean");

        var (_, body) = await PostAsync(rig, Body(stream: true));

        AssertWhole(body, rig.Expected());
        Assert.True((await rig.Records.NextAsync()).Rescued);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamThatNobodyGoesOnWith_EndsInAnErrorEvent(Dialect dialect)
    {
        await using var rig = await StartAsync(_ => dialect, new() { Simulators = 1 });
        rig.Primary.Faults.Add("*", "cut-after=5,end=clean");

        var (_, body) = await PostAsync(rig, Body(stream: true));

        var last = ReferenceSse.Parse(Encoding.UTF8.GetBytes(body))[^1];
        using var json = JsonDocument.Parse(last);
        Assert.Equal("error", Text(json.RootElement, "type"));
        Assert.Equal("api_error", Text(json.RootElement.GetProperty("error"), "type"));
        Assert.DoesNotContain("message_stop", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Dialect.Anthropic, 1)]
    [InlineData(Dialect.OpenAi, 0)]
    [InlineData(Dialect.Gemini, 0)]
    public async Task CountOfTokens_IsPassedOnOrEstimated(Dialect dialect, int calls)
    {
        await using var rig = await StartAsync(_ => dialect);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages/count_tokens?beta=true") { Content = new StringContent(Body().Replace("\"max_tokens\":1000,", "", StringComparison.Ordinal), Encoding.UTF8, "application/json") };
        request.Headers.Add("anthropic-beta", "token-counting-2024-11-01");

        using var response = await rig.Client.SendAsync(request);

        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.True(json.RootElement.GetProperty("input_tokens").GetInt32() > 0);
        Assert.Equal(calls, rig.Primary.Log.Total);
    }

    [Theory]
    [InlineData("{", "invalid_request_error")]
    [InlineData("""{"model":"chat-default","max_tokens":5}""", "invalid_request_error")]
    [InlineData("""{"model":"nobody","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""", "not_found_error")]
    [InlineData("""{"model":"chat-default","max_tokens":"x","messages":[{"role":"user","content":"hi"}]}""", "invalid_request_error")]
    public async Task BadInput_GetsAnthropicsErrorShape(string request, string type)
    {
        await using var rig = await StartAsync(_ => Dialect.OpenAi);

        var (status, body) = await PostAsync(rig, request);

        using var json = JsonDocument.Parse(body);
        Assert.InRange(status, 400, 404);
        Assert.Equal(("error", type), (Text(json.RootElement, "type"), Text(json.RootElement.GetProperty("error"), "type")));
        Assert.Equal(0, rig.Primary.Log.Total);
    }

    private const string Stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private static string Messages(params string[] texts) =>
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],\"model\":\"claude\",\"stop_reason\":null,\"usage\":{\"input_tokens\":3,\"cache_read_input_tokens\":100,\"output_tokens\":1}}}\n\n" +
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\n" +
        string.Concat(texts.Select(t => $"event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"{t}\"}}}}\n\n")) +
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n" +
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":7}}\n\n";

    private static void AssertWhole(string body, string expected)
    {
        var events = ReferenceSse.Parse(Encoding.UTF8.GetBytes(body)).Select(e => JsonDocument.Parse(e).RootElement).Where(e => Text(e, "type") != "ping").ToArray();
        Assert.Equal("message_start", Text(events[0], "type"));
        Assert.Equal(["message_delta", "message_stop"], events[^2..].Select(e => Text(e, "type")));
        Assert.Single(events, e => Text(e, "type") == "message_start");
        Assert.Single(events, e => Text(e, "type") == "content_block_start");
        Assert.Single(events, e => Text(e, "type") == "content_block_stop");
        Assert.All(events.Where(e => e.TryGetProperty("index", out _)), e => Assert.Equal(0, e.GetProperty("index").GetInt32()));
        Assert.Equal(expected, string.Concat(events.Where(e => Text(e, "type") == "content_block_delta").Select(e => Text(e.GetProperty("delta"), "text"))));
        Assert.Equal("end_turn", Text(events[^2].GetProperty("delta"), "stop_reason"));
        Assert.True(events[^2].GetProperty("usage").GetProperty("output_tokens").GetInt32() > 0);
    }

    private static string Body(bool stream = false) =>
        $$"""{"model":"{{Rig.Model}}","max_tokens":1000,"messages":[{"role":"user","content":"hello"}]{{(stream ? ",\"stream\":true" : "")}}}""";

    private static async Task<(int Status, string Body)> PostAsync(Rig rig, string body)
    {
        using var response = await rig.PostAsync(body, "/v1/messages");
        var bytes = new MemoryStream();
        try
        {
            await response.Content.CopyToAsync(bytes);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // Broken on purpose; what came is looked at.
        }

        return ((int)response.StatusCode, Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static Task<Rig> StartAsync(Func<int, Dialect> dialect, RigOptions? options = null) =>
        Rig.StartAsync((options ?? new()) with { Dialect = dialect });
}
