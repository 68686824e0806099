using System.Buffers;
using System.Text;
using Relay.Core.Errors;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;

namespace Relay.Dialects.Tests.FromAnthropic;

/// <summary>What would mean something else at another provider is refused, and the error names the field.</summary>
public sealed class RefusedRequestTests
{
    private const string Rest = """ "model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}] """;

    [Theory]
    [InlineData("model", """{"max_tokens":5,"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("model", """{"model":5,"max_tokens":5,"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("max_tokens", """{"model":"m","messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("max_tokens", """{"model":"m","max_tokens":0,"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("messages", """{"model":"m","max_tokens":5}""")]
    [InlineData("messages", """{"model":"m","max_tokens":5,"messages":[]}""")]
    [InlineData("messages[0].role", """{"model":"m","max_tokens":5,"messages":[{"content":"x"}]}""")]
    [InlineData("messages[0].role", """{"model":"m","max_tokens":5,"messages":[{"role":"tool","content":"x"}]}""")]
    [InlineData("messages[0].content", """{"model":"m","max_tokens":5,"messages":[{"role":"user"}]}""")]
    [InlineData("messages[0].content", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[]}]}""")]
    [InlineData("messages[0].content[0].type", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"container_upload","file_id":"f"}]}]}""")]
    [InlineData("messages[0].content[0].type", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":["x"]}]}""")]
    [InlineData("messages[0].content[0].text", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"text"}]}]}""")]
    [InlineData("messages[0].content[0].source", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image"}]}]}""")]
    [InlineData("messages[0].content[0].source", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]}""")]
    [InlineData("messages[0].content[0].source", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://e.com/a.pdf"}}]}]}""")]
    [InlineData("messages[0].content[0].content", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"search_result","source":"s","title":"t"}]}]}""")]
    [InlineData("messages[0].content[0].tool_use_id", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"tool_result"}]}]}""")]
    [InlineData("messages[0].content[0].content", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":5}]}]}""")]
    [InlineData("messages[0].content[0].content", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"document"}]}]}]}""")]
    [InlineData("messages[0].content[0].type", """{"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"image"}]}]}""")]
    [InlineData("messages[0].content[1].id", """{"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"text","text":"x"},{"type":"tool_use","name":"f","input":{}}]}]}""")]
    [InlineData("messages[0].content[0].name", """{"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","input":{}}]}]}""")]
    [InlineData("messages[0].content[0].input", """{"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":"{}"}]}]}""")]
    [InlineData("system", """{"system":5,@}""")]
    [InlineData("system.content[0]", """{"system":[{"type":"image"}],@}""")]
    [InlineData("stream", """{"stream":"yes",@}""")]
    [InlineData("temperature", """{"temperature":"hot",@}""")]
    [InlineData("top_p", """{"top_p":[],@}""")]
    [InlineData("top_k", """{"top_k":true,@}""")]
    [InlineData("stop_sequences", """{"stop_sequences":"x",@}""")]
    [InlineData("stop_sequences", """{"stop_sequences":[1],@}""")]
    [InlineData("metadata.user_id", """{"metadata":{"user_id":5},@}""")]
    [InlineData("inference_geo", """{"inference_geo":"eu",@}""")]
    [InlineData("tools", """{"tools":{},@}""")]
    [InlineData("tools[0].name", """{"tools":[{"input_schema":{}}],@}""")]
    [InlineData("tools[0].input_schema", """{"tools":[{"name":"f"}],@}""")]
    [InlineData("tools[1].type", """{"tools":[{"type":"web_search_20250305","name":"web_search"},{"type":"bash_20250124","name":"bash"}],@}""")]
    [InlineData("tools[0].type", """{"tools":[{"type":5}],@}""")]
    [InlineData("tool_choice", """{"tool_choice":{"type":"any"},@}""")]
    [InlineData("tool_choice", """{"tools":[{"type":"web_search_20250305","name":"web_search"}],"tool_choice":{"type":"tool","name":"web_search"},@}""")]
    [InlineData("tool_choice", """{"tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"tool"},@}""")]
    [InlineData("thinking.type", """{"thinking":{},@}""")]
    [InlineData("thinking.budget_tokens", """{"thinking":{"type":"enabled"},@}""")]
    [InlineData("thinking.budget_tokens", """{"thinking":{"type":"enabled","budget_tokens":1023},@}""")]
    [InlineData("output_config.effort", """{"output_config":{"effort":"huge"},@}""")]
    [InlineData("output_config.format", """{"output_config":{"format":{"type":"text"}},@}""")]
    [InlineData("output_format", """{"output_format":{"type":"json_schema"},@}""")]
    [InlineData("body", "7")]
    [InlineData("body", "")]
    public void Request_IsRefusedByTheFieldsName(string field, string request)
    {
        var body = Encoding.UTF8.GetBytes(request.Replace("@", Rest, StringComparison.Ordinal));

        var error = new AnthropicOpenAi().ReadRequest(body, new ArrayBufferWriter<byte>(), new DroppedFields());

        Assert.NotNull(error);
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Equal(field, error.Param);
        Assert.Contains($"\"{field}\" ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }
}
