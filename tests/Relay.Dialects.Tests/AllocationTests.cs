using System.Buffers;
using Relay.Dialects.Tests.Kit;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;

namespace Relay.Dialects.Tests;

/// <summary>Pieces of text are nearly all of a stream, and each costs every client; they make no garbage.</summary>
public sealed class AllocationTests
{
    private const int Pieces = 1000;

    [Theory]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" some \"more\" text"}}""")]
    [InlineData("""{"type":"ping"}""")]
    [InlineData("""{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a"}}""")]
    public void PieceFromAnthropic_IsTranslatedWithoutAllocation(string data)
    {
        var translator = new OpenAiAnthropic().ReadStream(Calls.To("claude", stream: true));
        var to = new ArrayBufferWriter<byte>(4096);
        translator.Translate(default, """{"type":"message_start","message":{"id":"msg_1","model":"claude"}}"""u8, to);
        translator.Translate(default, """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"""u8, to);

        Assert.Equal(0, Allocated(translator, data, to));
    }

    [Theory]
    [InlineData("""{"id":"c","object":"chat.completion.chunk","model":"gpt","choices":[{"index":0,"delta":{"content":" some \"more\" text"},"logprobs":null,"finish_reason":null}]}""")]
    [InlineData("""{"id":"c","choices":[{"index":0,"delta":{"reasoning_content":"hm"},"finish_reason":null}]}""")]
    [InlineData("""{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a"}}]},"finish_reason":null}]}""")]
    public void PieceForAnthropicsClient_IsTranslatedWithoutAllocation(string data)
    {
        var translator = new AnthropicOpenAi().WriteStream("m", "req1");
        var to = new ArrayBufferWriter<byte>(4096);
        translator.Translate(default, """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","function":{"name":"f"}}]}}]}"""u8, to);

        Assert.Equal(0, Allocated(translator, data, to));
    }

    private static long Allocated(EventTranslator translator, string data, ArrayBufferWriter<byte> to)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(data);
        Run(translator, bytes, to);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(translator, bytes, to);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Run(EventTranslator translator, byte[] data, ArrayBufferWriter<byte> to)
    {
        for (var i = 0; i < Pieces; i++)
        {
            to.ResetWrittenCount();
            Assert.True(translator.Translate("x"u8, data, to));
        }
    }
}
