using System.Buffers;
using System.Text;
using System.Text.Json;
using Relay.Core.Errors;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Gemini;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Dialects.Tests.Gemini;

/// <summary>Whatever the bytes are: no exception, and either an answer that is JSON or an error.</summary>
public sealed class GeminiHostileTests
{
    private const string Pair = "openai_gemini";

    private static readonly OpenAiGemini Dialect = new();
    private static readonly UpstreamCall Call = new("gemini-3-flash", true, "req_0", 0);

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
        foreach (var body in JsonMutations.RandomBytes(PairCase.Read(Pair, name).GivenBytes, seed: 11, count: 400))
        {
            CheckRequest(body, mustName: false);
        }
    }

    [Theory, MemberData(nameof(Answers))]
    public void Answer_WithAnyChange_IsReadOrAnError(string name)
    {
        var golden = PairCase.Read(Pair, name);
        foreach (var body in JsonMutations.EachValueReplaced(golden.Given).Concat(JsonMutations.RandomBytes(golden.GivenBytes, seed: 12, count: 300)))
        {
            var to = new ArrayBufferWriter<byte>();
            if (Dialect.ReadAnswer(body, Call, to) is not { } error)
            {
                using var chat = JsonDocument.Parse(to.WrittenMemory, new JsonDocumentOptions { MaxDepth = 256 });
                Assert.True(chat.RootElement.GetProperty("choices").GetArrayLength() > 0);
                Assert.All(chat.RootElement.GetProperty("choices").EnumerateArray(), choice => Assert.Equal(JsonValueKind.String, choice.GetProperty("finish_reason").ValueKind));
            }
            else
            {
                Assert.NotEqual(ErrorKind.None, error.Kind);
            }

            Dialect.ReadError(400, body);
        }
    }

    [Theory, MemberData(nameof(Streams))]
    public void Event_WithAnyChange_IsSkippedOrBecomesWholeChunks(string name)
    {
        foreach (var payload in PairCase.Read(Pair, name).Given.AsArray())
        {
            var valid = Encoding.UTF8.GetBytes(payload!.ToJsonString());
            foreach (var data in JsonMutations.EachValueReplaced(payload).Concat(JsonMutations.RandomBytes(valid, seed: 13, count: 300)))
            {
                var stream = Dialect.ReadStream(Call);
                var to = new ArrayBufferWriter<byte>();
                var read = stream.Translate(default, data, to);
                Assert.True(read || to.WrittenCount == 0);
                stream.End(to);
                Assert.All(
                    Encoding.UTF8.GetString(to.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries),
                    chunk => Assert.True(chunk == "data: [DONE]" || ChunkScanner.Scan(Encoding.UTF8.GetBytes(chunk).AsSpan(6)).Valid, chunk));
            }
        }
    }

    [Theory]
    [InlineData("messages[0].content[1].image_url.url", """{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"http://example.com/a.png"}}]}]}""")]
    [InlineData("messages[0].content[0].image_url.url", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png,abc"}}]}]}""")]
    [InlineData("messages[0].content[0].image_url.url", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:;base64,abc"}}]}]}""")]
    [InlineData("messages[0].content[0].image_url.url", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}""")]
    [InlineData("messages[0].content[0].file.file_id", """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""")]
    [InlineData("messages[0].content[0].input_audio.format", """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"","format":"ogg"}}]}]}""")]
    [InlineData("messages[0].content[0].type", """{"messages":[{"role":"user","content":[{"type":"video_url"}]}]}""")]
    [InlineData("messages[0].role", """{"messages":[{"role":"robot","content":"a"}]}""")]
    [InlineData("messages[0].role", """{"messages":[{"content":"a"}]}""")]
    [InlineData("messages[0].content", """{"messages":[{"role":"user"}]}""")]
    [InlineData("messages[0].content", """{"messages":[{"role":"user","content":7}]}""")]
    [InlineData("messages[1].tool_call_id", """{"messages":[{"role":"user","content":"a"},{"role":"tool","tool_call_id":"nope","content":"x"}]}""")]
    [InlineData("messages[0].tool_calls[0].function.arguments", """{"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"x\":"}}]}]}""")]
    [InlineData("messages[0].tool_calls[0].type", """{"messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"custom","custom":{"name":"f","input":"x"}}]}]}""")]
    [InlineData("messages", """{"messages":[{"role":"user","content":""}]}""")]
    [InlineData("messages", """{"messages":{}}""")]
    [InlineData("messages", "[]")]
    [InlineData("tools[0].type", """{"messages":[{"role":"user","content":"a"}],"tools":[{"type":"web_search"}]}""")]
    [InlineData("tools[0].function.name", """{"messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{}}]}""")]
    [InlineData("tools[0].function.parameters", """{"messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"f","parameters":"x"}}]}""")]
    [InlineData("tool_choice", """{"messages":[{"role":"user","content":"a"}],"tool_choice":"sometimes"}""")]
    [InlineData("tool_choice.type", """{"messages":[{"role":"user","content":"a"}],"tool_choice":{"type":"custom"}}""")]
    [InlineData("modalities[1]", """{"messages":[{"role":"user","content":"a"}],"modalities":["text","audio"]}""")]
    [InlineData("web_search_options", """{"messages":[{"role":"user","content":"a"}],"web_search_options":{}}""")]
    [InlineData("response_format.type", """{"messages":[{"role":"user","content":"a"}],"response_format":{"type":"grammar"}}""")]
    [InlineData("stop", """{"messages":[{"role":"user","content":"a"}],"stop":["1","2","3","4","5","6"]}""")]
    [InlineData("stop[0]", """{"messages":[{"role":"user","content":"a"}],"stop":[7]}""")]
    [InlineData("n", """{"messages":[{"role":"user","content":"a"}],"n":0}""")]
    [InlineData("temperature", """{"messages":[{"role":"user","content":"a"}],"temperature":"hot"}""")]
    [InlineData("max_completion_tokens", """{"messages":[{"role":"user","content":"a"}],"max_completion_tokens":1.5}""")]
    [InlineData("reasoning_effort", """{"messages":[{"role":"user","content":"a"}],"reasoning_effort":"extreme"}""")]
    public void Request_ThatMeansSomethingElseThere_IsRefusedWithItsField(string field, string body)
    {
        var error = Dialect.WriteRequest(Encoding.UTF8.GetBytes(body), Call, new ArrayBufferWriter<byte>(), new DroppedFields());

        Assert.Equal(ErrorKind.InvalidRequest, error?.Kind);
        Assert.Equal(field, error!.Param);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    private static void CheckRequest(byte[] body, bool mustName)
    {
        var to = new ArrayBufferWriter<byte>();
        var dropped = new DroppedFields();
        if (Dialect.WriteRequest(body, Call, to, dropped) is not { } error)
        {
            using var written = JsonDocument.Parse(to.WrittenMemory, new JsonDocumentOptions { MaxDepth = 300 });
            Assert.True(written.RootElement.GetProperty("contents").GetArrayLength() > 0);
            Assert.All(dropped.Names, dropped => Assert.Matches("^[A-Za-z0-9_.()-]+$", dropped));
            return;
        }

        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        var isUnreadable = Encoding.UTF8.GetString(body).Contains("\\ud800", StringComparison.Ordinal);
        Assert.True(error.Param is not null || !mustName || isUnreadable, $"{error.Message} {Encoding.UTF8.GetString(body)}");
    }
}
