using System.Buffers;
using System.Text;
using Relay.Core.Errors;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;

namespace Relay.Dialects.Tests.ToAnthropic;

/// <summary>What would mean something else at Anthropic is refused, and the error names the field.</summary>
public sealed class RefusedRequestTests
{
    private const string Hi = """ "messages":[{"role":"user","content":"x"}] """;

    [Theory]
    [InlineData("n", """{"n":2,@}""")]
    [InlineData("n", """{"n":"1",@}""")]
    [InlineData("functions", """{"functions":[{"name":"f"}],@}""")]
    [InlineData("functions", """{"function_call":"auto",@}""")]
    [InlineData("modalities", """{"modalities":["text","audio"],@}""")]
    [InlineData("web_search_options", """{"web_search_options":{},@}""")]
    [InlineData("messages", """{"messages":"x"}""")]
    [InlineData("messages", """{}""")]
    [InlineData("messages", """{"messages":[]}""")]
    [InlineData("messages", """{"messages":[{"role":"user","content":" "}]}""")]
    [InlineData("messages[0].role", """{"messages":["x"]}""")]
    [InlineData("messages[1].role", """{"messages":[{"role":"user","content":"x"},{"content":"x"}]}""")]
    [InlineData("messages[0].role", """{"messages":[{"role":"function","name":"f","content":"x"}]}""")]
    [InlineData("messages[0].role", """{"messages":[{"role":"robot","content":"x"}]}""")]
    [InlineData("messages[0].content", """{"messages":[{"role":"user","content":5}]}""")]
    [InlineData("messages[0].content[0].type", """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"","format":"wav"}}]}]}""")]
    [InlineData("messages[0].content[1].type", """{"messages":[{"role":"system","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://e.com"}}]}]}""")]
    [InlineData("messages[0].content[0].text", """{"messages":[{"role":"user","content":[{"type":"text","text":5}]}]}""")]
    [InlineData("messages[0].content[0].image_url.url", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":"https://e.com"}]}]}""")]
    [InlineData("messages[0].content[0].image_url.url", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png,abc"}}]}]}""")]
    [InlineData("messages[0].content[0].image_url.url", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/tiff;base64,abc"}}]}]}""")]
    [InlineData("messages[0].content[0].file.file_data", """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""")]
    [InlineData("messages[0].content[0].file.file_data", """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:text/csv;base64,YQ=="}}]}]}""")]
    [InlineData("messages[0].audio", """{"messages":[{"role":"assistant","audio":{"id":"a"}}]}""")]
    [InlineData("messages[0].function_call", """{"messages":[{"role":"assistant","function_call":{"name":"f","arguments":"{}"}}]}""")]
    [InlineData("messages[0].tool_calls", """{"messages":[{"role":"assistant","tool_calls":{}}]}""")]
    [InlineData("messages[0].tool_calls[0].id", """{"messages":[{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f","arguments":"{}"}}]}]}""")]
    [InlineData("messages[0].tool_calls[0].function.name", """{"messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"custom","custom":{"name":"f","input":"x"}}]}]}""")]
    [InlineData("messages[0].tool_calls[1].function.arguments", """{"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"f","arguments":"{\"a\":"}}]}]}""")]
    [InlineData("messages[0].tool_calls[0].function.arguments", """{"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"[]"}}]}]}""")]
    [InlineData("messages[0].tool_call_id", """{"messages":[{"role":"tool","content":"x"}]}""")]
    [InlineData("messages[1].tool_call_id", """{"messages":[{"role":"user","content":"x"},{"role":"tool","tool_call_id":"a","content":"x"}]}""")]
    [InlineData("tools", """{"tools":"f",@}""")]
    [InlineData("tools[0].type", """{"tools":[{"type":"custom","custom":{"name":"f"}}],@}""")]
    [InlineData("tools[0].function.name", """{"tools":[{"type":"function","function":{}}],@}""")]
    [InlineData("tools[0].function.parameters", """{"tools":[{"type":"function","function":{"name":"f","parameters":"x"}}],@}""")]
    [InlineData("tool_choice", """{"tool_choice":"required",@}""")]
    [InlineData("tool_choice", """{"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"allowed_tools"},@}""")]
    [InlineData("max_tokens", """{"max_tokens":0,@}""")]
    [InlineData("max_tokens", """{"max_tokens":1.5,@}""")]
    [InlineData("max_completion_tokens", """{"max_completion_tokens":"many","max_tokens":5,@}""")]
    [InlineData("reasoning_effort", """{"reasoning_effort":"huge",@}""")]
    [InlineData("temperature", """{"temperature":2.1,@}""")]
    [InlineData("temperature", """{"temperature":"hot",@}""")]
    [InlineData("top_p", """{"top_p":-1,@}""")]
    [InlineData("top_k", """{"top_k":0.5,@}""")]
    [InlineData("stop", """{"stop":5,@}""")]
    [InlineData("stop", """{"stop":["a","\n\n"],@}""")]
    [InlineData("response_format.type", """{"response_format":{"type":"grammar"},@}""")]
    [InlineData("response_format.json_schema.schema", """{"response_format":{"type":"json_schema","json_schema":{"name":"a"}},@}""")]
    [InlineData("response_format.json_schema.schema", """{"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}},@}""")]
    [InlineData("response_format.json_schema.schema", """{"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object","properties":{"a":{"type":"object","properties":{},"additionalProperties":{"type":"string"}}}}}},@}""")]
    [InlineData("body", "[]")]
    [InlineData("body", "{")]
    [InlineData("body", """{"tool_choice":"\ud800",@}""")]
    public void Request_IsRefusedByTheFieldsName(string field, string request)
    {
        var error = new OpenAiAnthropic().WriteRequest(Bytes(request), Calls.To("m"), new ArrayBufferWriter<byte>(), new DroppedFields());

        Assert.NotNull(error);
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Equal(field, error.Param);
        Assert.Contains($"\"{field}\" ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonSchema_OfAModelWithoutStructuredOutputs_IsRefused()
    {
        var request = Bytes("""{"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object","properties":{}}}},@}""");

        var error = new OpenAiAnthropic(new() { StructuredOutputs = false }).WriteRequest(request, Calls.To("m"), new ArrayBufferWriter<byte>(), new DroppedFields());

        Assert.Equal("response_format", error!.Param);
    }

    private static byte[] Bytes(string request) => Encoding.UTF8.GetBytes(request.Replace("@", Hi, StringComparison.Ordinal));
}
