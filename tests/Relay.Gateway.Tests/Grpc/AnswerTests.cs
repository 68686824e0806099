using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Relay.Gateway.Config;
using Relay.Gateway.Endpoints.Grpc;
using Relay.Gateway.Tests.Kit;
using Relay.V1;

namespace Relay.Gateway.Tests.Grpc;

/// <summary>Whole answers as typed messages.</summary>
public sealed class AnswerTests
{
    private static readonly Tool Weather = new()
    {
        Name = "weather",
        ParametersJson = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""",
    };

    [Theory]
    [InlineData(Dialect.OpenAi)]
    [InlineData(Dialect.Anthropic)]
    [InlineData(Dialect.Gemini)]
    public async Task Tool_IsCalledAndItsResultAnswered(Dialect dialect)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Dialect = _ => dialect });
        using var grpc = new GrpcChat(rig.Gateway);
        var request = GrpcChat.Ask("use the tool");
        request.Tools.Add(Weather);

        var called = (await grpc.CompleteAsync(request)).Choices[0];
        var streamed = await grpc.ReadAsync(request);

        Assert.Equal("tool_calls", called.FinishReason);
        Assert.False(called.Message.HasText);
        var call = Assert.Single(called.Message.ToolCalls);
        Assert.Equal("weather", call.Name);
        Assert.NotEmpty(call.Id);
        using (var arguments = JsonDocument.Parse(call.Arguments))
        {
            Assert.Equal(JsonValueKind.String, arguments.RootElement.GetProperty("city").ValueKind);
        }

        var pieces = streamed.Chunks.SelectMany(c => c.Choices).SelectMany(c => c.ToolCalls).ToArray();
        Assert.Equal(("weather", call.Arguments), (string.Concat(pieces.Select(p => p.Name)), string.Concat(pieces.Select(p => p.Arguments))));
        Assert.Equal("tool_calls", streamed.FinishReason());

        request.Messages.Add(called.Message);
        request.Messages.Add(new Message { Role = Role.Tool, ToolCallId = call.Id, Text = "sunny" });
        var answer = await grpc.CompleteAsync(request);

        Assert.Equal((rig.Expected("use the tool"), "stop"), (answer.Choices[0].Message.Text, answer.Choices[0].FinishReason));
    }

    [Theory]
    [InlineData(Dialect.OpenAi)]
    [InlineData(Dialect.Anthropic)]
    public async Task ImageStopAndSchema_ReachTheProvider(Dialect dialect)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Dialect = _ => dialect });
        using var grpc = new GrpcChat(rig.Gateway);
        var request = GrpcChat.Ask();
        request.Messages[0].ClearText();
        request.Messages[0].Content.Add(new ContentPart { Text = "hello" });
        request.Messages[0].Content.Add(new ContentPart { Image = new Image { Data = ByteString.FromBase64("iVBORw0KGgo="), MediaType = "image/png" } });

        var seen = await grpc.CompleteAsync(request);
        Assert.Equal(rig.Expected(), seen.Choices[0].Message.Text);
        var asked = await rig.Primary.Log.WaitForAsync(_ => true, Patience.Token);
        Assert.Contains("iVBORw0KGgo=", asked.BodyText, StringComparison.Ordinal);

        var words = rig.Expected().Split(' ');
        var stopped = GrpcChat.Ask();
        stopped.Stop.Add(words[3]);
        Assert.Equal(string.Join(' ', words[..3]), (await grpc.CompleteAsync(stopped)).Choices[0].Message.Text.TrimEnd());

        var schema = GrpcChat.Ask();
        schema.ResponseFormat = new ResponseFormat
        {
            Type = ResponseFormat.Types.Type.JsonSchema,
            JsonSchema = new JsonSchema { Name = "city", Strict = true, SchemaJson = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""" },
        };
        using var json = JsonDocument.Parse((await grpc.CompleteAsync(schema)).Choices[0].Message.Text);
        Assert.Equal(["city"], json.RootElement.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task WhatHasNoPlace_IsInExtra()
    {
        const string Body = """
            {"id":"c","object":"chat.completion","created":1700000000,"model":"m","system_fingerprint":"fp","service_tier":"default",
             "choices":[{"index":0,"finish_reason":"stop","logprobs":{"content":[{"token":"hi","logprob":-0.25}]},
              "message":{"role":"assistant","content":"hi","refusal":null,"annotations":[],"reasoning":"why","audio":{"id":"a"},
               "tool_calls":[{"id":"c1","type":"custom","custom":{"name":"g","input":"x"}}]}}],
             "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
            """;
        await using var raw = await RawRig.StartAsync(RawUpstream.Json(Encoding.UTF8.GetBytes(Body)));
        using var grpc = new GrpcChat(raw.Rig.Gateway);

        var answer = await grpc.CompleteAsync();

        Assert.Equal("""{ "system_fingerprint": "fp", "service_tier": "default" }""", answer.Extra.ToString());
        var choice = Assert.Single(answer.Choices);
        Assert.Equal("""{ "logprobs": { "content": [ { "token": "hi", "logprob": -0.25 } ] } }""", choice.Extra.ToString());
        Assert.Equal(("hi", "why", false), (choice.Message.Text, choice.Message.Reasoning, choice.Message.HasRefusal));
        Assert.Equal("""{ "annotations": [ ], "audio": { "id": "a" } }""", choice.Message.Extra.ToString());
        Assert.Equal("""{ "type": "custom", "custom": { "name": "g", "input": "x" } }""", Assert.Single(choice.Message.ToolCalls).Extra.ToString());
        Assert.Equal((1700000000, "c", "m", 2), (answer.Created.Seconds, answer.Id, answer.Model, answer.Usage.Tokens.Total));
    }

    [Fact]
    public async Task DroppedFields_AreNamed()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Dialect = _ => Dialect.Anthropic });
        using var grpc = new GrpcChat(rig.Gateway);
        var request = GrpcChat.Ask();
        request.Seed = 7;

        Assert.Equal(["seed"], (await grpc.CompleteAsync(request)).Relay.Dropped);
        Assert.Equal(["seed"], (await grpc.ReadAsync(request)).Last.Relay.Dropped);
    }

    [Fact]
    public async Task AnswerTooLargeToBeHeld_FailsRatherThanGrows()
    {
        await using var rig = await Rig.StartAsync(new RigOptions
        {
            Simulators = 1,
            Simulator = _ => new() { Name = "sim", DefaultWords = 2_000 },
            Config = c => c with { Limits = new LimitOptions { MaxPlainBufferBytes = 4 * 1024 } },
            Retry = Core.Attempts.RetryOptions.Default with { MaxPerTarget = 0 },
        });
        using var grpc = new GrpcChat(rig.Gateway);

        var status = await grpc.FailAsync();

        Assert.Equal(Core.Errors.ErrorKind.Malformed, status.Kind);
        Assert.Contains("limits.maxPlainBufferBytes", status.Message, StringComparison.Ordinal);
        Assert.Equal(rig.Expected(), (await grpc.ReadAsync()).Text);
    }

    /// <summary>Every member that is looked at, with every type of value in its place.</summary>
    [Fact]
    public void AnyTypeOfAnyMember_IsReadWithoutAFault()
    {
        string[] values = ["null", "true", "-1.5", "1e999", "\"\"", "\"\\ud83d\"", "[]", "[null]", "[1,\"x\",[],{}]", "{}", "{\"index\":\"x\"}", Deep(200)];
        string[] names = ["id", "created", "model", "choices", "index", "finish_reason", "message", "delta", "role", "content", "refusal", "reasoning", "name",
            "tool_call_id", "tool_calls", "type", "function", "arguments", "logprobs", "other", "\\ud83d"];
        var reader = new ChatChunkReader();
        foreach (var name in names)
        {
            foreach (var value in values)
            {
                var member = $"\"{name}\":{value}";
                string[] bodies =
                [
                    $"{{{member}}}",
                    $"{{\"choices\":[{{{member}}}]}}",
                    $"{{\"choices\":[{{\"delta\":{{{member}}},\"message\":{{{member}}}}}]}}",
                    $"{{\"choices\":[{{\"delta\":{{\"tool_calls\":[{{{member}}}]}},\"message\":{{\"tool_calls\":[{{{member}}}]}}}}]}}",
                    $"{{\"choices\":[{{\"delta\":{{\"tool_calls\":[{{\"function\":{{{member}}}}}]}},\"message\":{{\"tool_calls\":[{{\"function\":{{{member}}}}}]}}}}]}}",
                ];
                foreach (var body in bodies)
                {
                    var bytes = Encoding.UTF8.GetBytes(body);

                    // Both can be written, and read again by a client, which goes 100 levels deep.
                    _ = ChatResponse.Parser.ParseFrom(ChatAnswerReader.Read(bytes).ToByteArray());
                    _ = ChatChunk.Parser.ParseFrom(reader.Read(bytes).ToByteArray());
                }
            }
        }
    }

    private static string Deep(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);
}
