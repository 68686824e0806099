using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Dialects.Tests.Responses;

public sealed class PlainChatTests
{
    /// <summary>What Gemini and Anthropic want back must not reach an OpenAI target, which refuses what it does not know.</summary>
    [Fact]
    public void RequestWithSealedReasoning_LosesWhatOnlyItsProviderKnows()
    {
        var chat = PairCase.Read("responses_openai", "request-sealed-reasoning").Gives!;
        var to = new ArrayBufferWriter<byte>();
        var dropped = new DroppedFields();

        PlainChat.Write(Encoding.UTF8.GetBytes(chat.ToJsonString()), to, dropped);

        var expected = chat.DeepClone();
        var assistant = expected["messages"]![1]!.AsObject();
        assistant.Remove("thinking_blocks");
        assistant.Remove("extra_content");
        assistant["tool_calls"]![0]!.AsObject().Remove("extra_content");
        PairCase.AssertSame(expected, JsonNode.Parse(to.WrittenSpan));
        Assert.Equal(["messages.tool_calls.extra_content", "messages.thinking_blocks", "messages.extra_content"], dropped.Names);
    }
}
