using System.Text;
using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Dialects;

/// <summary>A client of OpenAI's Responses API before providers of every dialect.</summary>
public sealed class ResponsesClientTests
{
    public static TheoryData<Dialect> All => [Dialect.OpenAi, Dialect.Anthropic, Dialect.Gemini];

    [Theory]
    [MemberData(nameof(All))]
    public async Task PlainAnswer_IsAResponse(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);

        var (status, body) = await PostAsync(rig, """{"model":"chat-default","input":"hello","metadata":{"a":"b"}}""");

        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        Assert.Equal((200, "response", "completed", "b"), (status, Text(root, "object"), Text(root, "status"), Text(root.GetProperty("metadata"), "a")));
        Assert.Equal(rig.Expected(), Output(root));
        var record = await rig.Records.NextAsync();
        Assert.Equal(("responses", ErrorKind.None), (record.Endpoint, record.Error));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task BrokenStream_IsContinuedAsOneResponse(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        rig.Primary.Faults.Add("*", "cut-after=5,end=clean");

        var (status, body) = await PostAsync(rig, """{"model":"chat-default","input":"hello","stream":true}""");

        var events = ReferenceSse.Parse(Encoding.UTF8.GetBytes(body)).Select(e => JsonDocument.Parse(e).RootElement).ToArray();
        Assert.Equal((200, "response.created", "response.completed"), (status, Text(events[0], "type"), Text(events[^1], "type")));
        Assert.Equal(Enumerable.Range(0, events.Length), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(rig.Expected(), string.Concat(events.Where(e => Text(e, "type") == "response.output_text.delta").Select(e => Text(e, "delta"))));
        Assert.Equal(rig.Expected(), Output(events[^1].GetProperty("response")));
        Assert.True(events[^1].GetProperty("response").GetProperty("usage").GetProperty("output_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task StreamThatNobodyGoesOnWith_Fails()
    {
        await using var rig = await Rig.StartAsync(new() { Simulators = 1 });
        rig.Primary.Faults.Add("*", "cut-after=5,end=clean");

        var (_, body) = await PostAsync(rig, """{"model":"chat-default","input":"hello","stream":true}""");

        Assert.Contains("response.failed", body, StringComparison.Ordinal);
        Assert.DoesNotContain("response.completed", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"chat-default","input":"hi","previous_response_id":"resp_1"}""", "previous_response_id")]
    [InlineData("""{"model":"chat-default","input":"hi","tools":[{"type":"web_search"}]}""", "tools[0].type")]
    [InlineData("""{"model":"chat-default"}""", "input")]
    public async Task RequestThatNeedsAServerWithAMemory_IsRefusedWithItsField(string request, string param)
    {
        await using var rig = await StartAsync(Dialect.OpenAi);

        var (status, body) = await PostAsync(rig, request);

        using var json = JsonDocument.Parse(body);
        ErrorShape.Check(json.RootElement);
        Assert.Equal(400, status);
        Assert.StartsWith(param.Split('[')[0], json.RootElement.GetProperty("error").GetProperty("param").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, rig.Primary.Log.Total);
    }

    private static string Output(JsonElement response) => string.Concat(response.GetProperty("output").EnumerateArray()
        .Where(o => Text(o, "type") == "message")
        .SelectMany(o => o.GetProperty("content").EnumerateArray())
        .Select(c => Text(c, "text")));

    private static async Task<(int Status, string Body)> PostAsync(Rig rig, string body)
    {
        using var response = await rig.PostAsync(body, "/v1/responses");
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

    private static Task<Rig> StartAsync(Dialect dialect) => Rig.StartAsync(new() { Dialect = _ => dialect });
}
