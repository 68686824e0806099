using System.Buffers;
using System.Text;
using System.Text.Json;
using Relay.Core.Errors;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Dialects.Responses;
using Relay.Gateway.Errors;

namespace Relay.Dialects.Tests.Responses;

/// <summary>Whatever the bytes are: no exception, and either what the other side can read or an error.</summary>
public sealed class ResponsesHostileTests
{
    private const string Pair = "responses_openai";

    public static TheoryData<string> Requests => PairCase.Of(Pair, "request");

    public static TheoryData<string> Answers => PairCase.Of(Pair, "answer");

    public static TheoryData<string> Streams => PairCase.Of(Pair, "stream");

    [Theory, MemberData(nameof(Requests))]
    public void Request_WithAnyValueReplaced_IsCarriedOrRefusedWithItsField(string name)
    {
        foreach (var body in JsonMutations.EachValueReplaced(PairCase.Read(Pair, name).Given))
        {
            CheckRequest(body, mustName: true);
        }
    }

    [Theory, MemberData(nameof(Requests))]
    public void Request_WithRandomBytes_IsCarriedOrRefused(string name)
    {
        foreach (var body in JsonMutations.RandomBytes(PairCase.Read(Pair, name).GivenBytes, seed: 21, count: 400))
        {
            CheckRequest(body, mustName: false);
        }
    }

    [Theory, MemberData(nameof(Answers))]
    public void Answer_WithAnyChange_BecomesAResponseObject(string name)
    {
        var golden = PairCase.Read(Pair, name);
        foreach (var body in JsonMutations.EachValueReplaced(golden.Given).Concat(JsonMutations.RandomBytes(golden.GivenBytes, seed: 22, count: 300)))
        {
            var to = new ArrayBufferWriter<byte>();
            new ResponsesOpenAi().WriteAnswer(body, to);
            using var response = JsonDocument.Parse(to.WrittenMemory, new JsonDocumentOptions { MaxDepth = 300 });
            Assert.Equal("response", response.RootElement.GetProperty("object").GetString());
            Assert.Equal(new HubReply().TryRead(body), response.RootElement.GetProperty("status").GetString() != "failed");
        }
    }

    [Theory, MemberData(nameof(Streams))]
    public void Event_WithAnyChange_IsSkippedOrBecomesWholeEvents(string name)
    {
        foreach (var payload in PairCase.Read(Pair, name).Given.AsArray().Where(item => item is System.Text.Json.Nodes.JsonObject))
        {
            var valid = Encoding.UTF8.GetBytes(payload!.ToJsonString());
            foreach (var data in JsonMutations.EachValueReplaced(payload).Concat(JsonMutations.RandomBytes(valid, seed: 23, count: 200)))
            {
                var stream = new ResponsesOpenAi().WriteStream("m", "req_1");
                var to = new ArrayBufferWriter<byte>();
                var read = stream.Translate(default, data, to);
                Assert.True(read || to.WrittenCount == 0);
                stream.Translate(default, "[DONE]"u8, to);
                stream.End(to);
                foreach (var text in Encoding.UTF8.GetString(to.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
                {
                    using var document = JsonDocument.Parse(text[(text.IndexOf("\ndata: ", StringComparison.Ordinal) + 7)..], new JsonDocumentOptions { MaxDepth = 300 });
                }
            }
        }
    }

    [Theory]
    [InlineData("model", """{"input":"a"}""")]
    [InlineData("model", """{"model":7,"input":"a"}""")]
    [InlineData("input", """{"model":"m"}""")]
    [InlineData("input", """{"model":"m","input":[]}""")]
    [InlineData("input", """{"model":"m","input":{"role":"user"}}""")]
    [InlineData("previous_response_id", """{"model":"m","input":"a","previous_response_id":"resp_1"}""")]
    [InlineData("conversation", """{"model":"m","input":"a","conversation":{"id":"conv_1"}}""")]
    [InlineData("background", """{"model":"m","input":"a","background":true}""")]
    [InlineData("prompt", """{"model":"m","prompt":{"id":"pmpt_1"}}""")]
    [InlineData("moderation", """{"model":"m","input":"a","moderation":{"model":"omni-moderation-latest"}}""")]
    [InlineData("store", """{"model":"m","input":"a","store":"yes"}""")]
    [InlineData("input[0].type", """{"model":"m","input":[{"type":"item_reference","id":"msg_1"}]}""")]
    [InlineData("input[0].type", """{"model":"m","input":[{"id":"msg_1"}]}""")]
    [InlineData("input[1].type", """{"model":"m","input":[{"role":"user","content":"a"},{"type":"web_search_call","id":"ws_1"}]}""")]
    [InlineData("input[0].type", """{"model":"m","input":[{"type":"custom_tool_call","call_id":"c","name":"n","input":"x"}]}""")]
    [InlineData("input[0].role", """{"model":"m","input":[{"role":"tool","content":"a"}]}""")]
    [InlineData("input[0].content", """{"model":"m","input":[{"role":"user"}]}""")]
    [InlineData("input[0].content[0].type", """{"model":"m","input":[{"role":"user","content":[{"type":"input_video"}]}]}""")]
    [InlineData("input[0].content[0].text", """{"model":"m","input":[{"role":"user","content":[{"type":"input_text"}]}]}""")]
    [InlineData("input[0].content[0].file_id", """{"model":"m","input":[{"role":"user","content":[{"type":"input_image","file_id":"file-1"}]}]}""")]
    [InlineData("input[0].content[0].file_url", """{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_url":"https://example.com/a.pdf"}]}]}""")]
    [InlineData("input[0].content[0].type", """{"model":"m","input":[{"role":"assistant","content":[{"type":"input_image","image_url":"https://example.com/a.png"}]}]}""")]
    [InlineData("input[0].call_id", """{"model":"m","input":[{"type":"function_call_output","call_id":"call_1","output":"x"}]}""")]
    [InlineData("input[0].arguments", """{"model":"m","input":[{"type":"function_call","call_id":"call_1","name":"f","arguments":{}}]}""")]
    [InlineData("tools[0].type", """{"model":"m","input":"a","tools":[{"type":"web_search"}]}""")]
    [InlineData("tools[1].type", """{"model":"m","input":"a","tools":[{"type":"function","name":"f"},{"type":"custom","name":"g"}]}""")]
    [InlineData("tools[0].name", """{"model":"m","input":"a","tools":[{"type":"function","function":{"name":"f"}}]}""")]
    [InlineData("tool_choice", """{"model":"m","input":"a","tool_choice":"sometimes"}""")]
    [InlineData("tool_choice.type", """{"model":"m","input":"a","tool_choice":{"type":"file_search"}}""")]
    [InlineData("text.format.type", """{"model":"m","input":"a","text":{"format":{"type":"grammar"}}}""")]
    [InlineData("text.format.schema", """{"model":"m","input":"a","text":{"format":{"type":"json_schema","name":"n"}}}""")]
    [InlineData("stream", """{"model":"m","input":"a","stream":"yes"}""")]
    [InlineData("max_output_tokens", """{"model":"m","input":"a","max_output_tokens":"many"}""")]
    [InlineData("temperature", """{"model":"m","input":"a","temperature":"hot"}""")]
    [InlineData("metadata", """{"model":"m","input":"a","metadata":"x"}""")]
    [InlineData("instructions", """{"model":"m","input":"a","instructions":["x"]}""")]
    [InlineData(null, "")]
    [InlineData(null, "[]")]
    [InlineData(null, "{")]
    [InlineData(null, "\"\ud800\"")]
    public void Request_ThatRelayCannotCarry_IsRefusedWithItsField(string? field, string body)
    {
        var error = new ResponsesOpenAi().ReadRequest(Encoding.UTF8.GetBytes(body), new ArrayBufferWriter<byte>(), new DroppedFields());

        Assert.Equal(ErrorKind.InvalidRequest, error?.Kind);
        Assert.Equal(field, error!.Param);
        Assert.Contains(field ?? "request body", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Error_HasOpenAisShape()
    {
        var to = new ArrayBufferWriter<byte>();

        new ResponsesOpenAi().WriteError(new RelayError(ErrorKind.RateLimited, "Slow down.", "model"), to);

        Assert.Equal("""{"error":{"message":"Slow down.","type":"rate_limit_error","param":"model","code":"rate_limit_exceeded"}}""", Encoding.UTF8.GetString(to.WrittenSpan));
    }

    private static void CheckRequest(byte[] body, bool mustName)
    {
        var to = new ArrayBufferWriter<byte>();
        var dropped = new DroppedFields();
        if (new ResponsesOpenAi().ReadRequest(body, to, dropped) is not { } error)
        {
            RequestScanner.ScanChat(to.WrittenSpan, out var refused);
            Assert.True(refused is null or { Param: "model" }, refused?.Message);
            Assert.All(dropped.Names, dropped => Assert.Matches("^[A-Za-z0-9_.()-]+$", dropped));
            return;
        }

        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        var isUnreadable = Encoding.UTF8.GetString(body).Contains("\\ud800", StringComparison.Ordinal);
        Assert.True(error.Param is not null || !mustName || isUnreadable, $"{error.Message} {Encoding.UTF8.GetString(body)}");
    }
}
