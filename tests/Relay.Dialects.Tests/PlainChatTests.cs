using System.Buffers;
using System.Text.Json.Nodes;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Streaming;

namespace Relay.Dialects.Tests;

public sealed class PlainChatTests
{
    [Fact]
    public void RelaysOwnFields_AreTakenOutAndNoted()
    {
        var (to, dropped) = (new ArrayBufferWriter<byte>(), new DroppedFields());

        PlainChat.Write(
            """{"model":"m","top_k":5,"messages":[{"role":"assistant","content":"\"é","reasoning_content":"r","thinking_blocks":[]},{"role":"user","content":"top_k"}],"stream":true}"""u8.ToArray(),
            to,
            dropped);

        Golden.Same(JsonNode.Parse("""{"model":"m","messages":[{"role":"assistant","content":"\"é"},{"role":"user","content":"top_k"}],"stream":true}"""), to.WrittenSpan);
        Assert.Equal(["top_k", "messages.reasoning_content", "messages.thinking_blocks"], dropped.Names);
    }

    [Theory]
    [InlineData("some_field-1.x", "some_field-1.x")]
    [InlineData("", "(other)")]
    [InlineData("a\r\nset-cookie: b", "(other)")]
    [InlineData("é", "(other)")]
    public void NameFromAClient_CanStandInAHeader(string name, string noted)
    {
        var dropped = new DroppedFields();
        dropped.AddForeign(name);
        dropped.AddForeign(name);

        Assert.Equal([noted], dropped.Names);
    }

    [Fact]
    public void NameThatIsTooLong_IsNotRepeated()
    {
        var dropped = new DroppedFields();
        dropped.AddForeign(new string('a', 65));

        Assert.Equal(["(other)"], dropped.Names);
    }

    [Theory]
    [InlineData("event: ping\ndata: 1\n\n", "ping")]
    [InlineData("data: 1\r\nevent:ping\r\n\r\n", "ping")]
    [InlineData("event: a\revent: b\rdata: 1\r\r", "b")]
    [InlineData("data: 1\n\n", "")]
    [InlineData("events: x\ndata: 1\n\n", "")]
    public void EventName_IsTheLastOne(string text, string name)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var framer = default(SseFramer);
        Assert.True(framer.TryRead(bytes, out var found));

        Assert.Equal(name, System.Text.Encoding.UTF8.GetString(SseFramer.EventName(bytes, found)));
    }
}
