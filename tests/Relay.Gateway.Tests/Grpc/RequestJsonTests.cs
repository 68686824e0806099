using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Relay.Core.Errors;
using Relay.Gateway.Endpoints.Grpc;
using Relay.V1;

namespace Relay.Gateway.Tests.Grpc;

/// <summary>What a typed request says as chat completions.</summary>
public sealed class RequestJsonTests
{
    private static readonly ChatRequest Everything = new()
    {
        Model = "chat-default",
        Messages =
        {
            new Message { Role = Role.System, Text = "Be \"brief\".\n" },
            new Message { Role = Role.Developer, Text = "" },
            new Message
            {
                Role = Role.User,
                Name = "ann",
                Content =
                {
                    new ContentPart { Text = "What is this?" },
                    new ContentPart { Image = new Image { Url = "https://example.com/a.png", Detail = "low" } },
                    new ContentPart { Image = new Image { Data = ByteString.CopyFrom(0, 1, 254, 255), MediaType = "image/png" } },
                    new ContentPart { Other = Struct.Parser.ParseJson("""{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}""") },
                },
            },
            new Message
            {
                Role = Role.Assistant,
                Reasoning = "hm",
                Refusal = "no",
                ToolCalls = { new ToolCall { Id = "call_1", Name = "f", Arguments = "{\"a\":", Extra = Struct.Parser.ParseJson("""{"extra_content":{"s":"x"}}""") } },
                Extra = Struct.Parser.ParseJson("""{"prefix":true}"""),
            },
            new Message { Role = Role.Tool, ToolCallId = "call_1", Text = "42" },
        },
        Temperature = 0,
        TopP = 0.5,
        MaxCompletionTokens = 7,
        Stop = { "a", "b" },
        Seed = long.MaxValue,
        FrequencyPenalty = -1.5,
        PresencePenalty = 2,
        N = 2,
        Tools = { new Tool { Name = "f", Description = "does", ParametersJson = "{\"type\":\"object\", \"b\":1, \"a\":2}", Strict = true }, new Tool { Name = "g" } },
        ToolChoice = new ToolChoice { Function = "f" },
        ParallelToolCalls = false,
        ResponseFormat = new ResponseFormat { Type = ResponseFormat.Types.Type.JsonSchema, JsonSchema = new JsonSchema { Name = "s", Description = "d", SchemaJson = "{\"z\":1,\"y\":2}", Strict = false } },
        ReasoningEffort = "low",
        User = "u",
        Extra = Struct.Parser.ParseJson("""{"logit_bias":{"50256":-100},"metadata":{"a":[1,2.5,"x",null,true]}}"""),
    };

    [Fact]
    public void EveryField_HasItsPlace()
    {
        const string Expected = """
            {
              "model": "chat-default",
              "messages": [
                { "role": "system", "content": "Be \"brief\".\n" },
                { "role": "developer", "content": "" },
                { "role": "user", "content": [
                    { "type": "text", "text": "What is this?" },
                    { "type": "image_url", "image_url": { "url": "https://example.com/a.png", "detail": "low" } },
                    { "type": "image_url", "image_url": { "url": "data:image/png;base64,AAH+/w==" } },
                    { "type": "input_audio", "input_audio": { "data": "AAAA", "format": "wav" } }
                  ], "name": "ann" },
                { "role": "assistant",
                  "tool_calls": [ { "id": "call_1", "type": "function", "function": { "name": "f", "arguments": "{\"a\":" }, "extra_content": { "s": "x" } } ],
                  "refusal": "no", "reasoning_content": "hm", "prefix": true },
                { "role": "tool", "content": "42", "tool_call_id": "call_1" }
              ],
              "stream": true,
              "temperature": 0, "top_p": 0.5, "frequency_penalty": -1.5, "presence_penalty": 2, "max_completion_tokens": 7, "n": 2,
              "seed": 9223372036854775807, "stop": ["a", "b"], "reasoning_effort": "low", "user": "u",
              "tools": [
                { "type": "function", "function": { "name": "f", "description": "does", "parameters": { "type": "object", "b": 1, "a": 2 }, "strict": true } },
                { "type": "function", "function": { "name": "g" } }
              ],
              "tool_choice": { "type": "function", "function": { "name": "f" } },
              "parallel_tool_calls": false,
              "response_format": { "type": "json_schema", "json_schema": { "name": "s", "description": "d", "schema": { "z": 1, "y": 2 }, "strict": false } },
              "logit_bias": { "50256": -100 },
              "metadata": { "a": [1, 2.5, "x", null, true] }
            }
            """;

        var json = Write(Everything, stream: true);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Expected), JsonNode.Parse(json)), json);

        // Schemas pass as they are, white space and all.
        Assert.Contains("""{"type":"object", "b":1, "a":2}""", json, StringComparison.Ordinal);
        Assert.Contains("""{"z":1,"y":2}""", json, StringComparison.Ordinal);
    }

    [Fact]
    public void UnsetFields_AreLeftToTheProvider()
    {
        var request = new ChatRequest { Model = "m", Messages = { new Message { Role = Role.User, Text = "hi" } } };

        Assert.Equal("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", Write(request, stream: false));
    }

    [Theory]
    [InlineData(ToolChoice.Types.Mode.Unspecified, "auto")]
    [InlineData(ToolChoice.Types.Mode.Auto, "auto")]
    [InlineData(ToolChoice.Types.Mode.None, "none")]
    [InlineData(ToolChoice.Types.Mode.Required, "required")]
    public void ToolChoice_HasOpenAisWords(ToolChoice.Types.Mode mode, string expected)
    {
        var request = new ChatRequest { Model = "m", Messages = { new Message { Role = Role.User, Text = "hi" } }, ToolChoice = new ToolChoice { Mode = mode } };

        Assert.EndsWith($$""","tool_choice":"{{expected}}"}""", Write(request, stream: false), StringComparison.Ordinal);
    }

    /// <summary>Longer than a piece of the writer, with a character of two units across each border.</summary>
    [Theory]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(8_191)]
    [InlineData(100_001)]
    public void LongText_IsWhole(int length)
    {
        var text = new string('x', length) + "😀\n\"" + new string('y', 10_000);
        var request = new ChatRequest { Model = "m", Messages = { new Message { Role = Role.User, Text = text } } };

        using var json = JsonDocument.Parse(Write(request, stream: false));

        Assert.Equal(text, json.RootElement.GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Fact]
    public void Limit_IsAboutTheJson()
    {
        var whole = Encoding.UTF8.GetByteCount(Write(Everything, stream: false));

        Assert.Null(ChatRequestJson.Write(Everything, stream: false, whole - 1, out var error));
        Assert.Equal(ErrorKind.TooLarge, error!.Kind);
        using var body = ChatRequestJson.Write(Everything, stream: false, whole, out error);
        Assert.Equal(whole, body!.Memory.Length);
    }

    private static string Write(ChatRequest request, bool stream)
    {
        using var body = ChatRequestJson.Write(request, stream, 1024 * 1024, out var error);
        Assert.Null(error);
        return Encoding.UTF8.GetString(body!.Memory.Span);
    }
}
