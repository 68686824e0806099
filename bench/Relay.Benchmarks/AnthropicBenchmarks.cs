using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Benchmarks;

/// <summary>What a pair of OpenAI and Anthropic costs for each piece of a stream and for each request, beside what a passed-through chunk costs.</summary>
[MemoryDiagnoser]
public class AnthropicBenchmarks
{
    private static readonly byte[] Event = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" gateway"}}"""u8.ToArray();

    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4.1","service_tier":"default","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"content":" gateway"},"logprobs":null,"finish_reason":null}],"usage":null}""");

    private static readonly byte[] Chat = Encoding.UTF8.GetBytes(
        """{"model":"m","messages":[{"role":"system","content":"You are brief."},{"role":"user","content":"What is a gateway?"},{"role":"assistant","content":"A door."},{"role":"user","content":"And a relay?"}],"temperature":0.2,"max_tokens":100,"stream":true}""");

    private static readonly UpstreamCall Call = new("claude", Stream: true, "req", 1_760_000_000);

    private readonly ArrayBufferWriter<byte> _to = new(4096);
    private readonly OpenAiAnthropic _provider = new();
    private readonly AnthropicOpenAi _client = new();
    private readonly EventTranslator _fromAnthropic = new OpenAiAnthropic().ReadStream(Call);
    private readonly EventTranslator _toAnthropic = new AnthropicOpenAi().WriteStream("m", "req");
    private byte[] _messages = [];

    [GlobalSetup]
    public void TranslateOnce()
    {
        ChatToMessages();
        _messages = _to.WrittenSpan.ToArray();
    }

    [Benchmark(Baseline = true)]
    public bool ScanPassedChunk() => ChunkScanner.Scan(Chunk).HasDelta;

    [Benchmark]
    public int EventToChunk()
    {
        _to.ResetWrittenCount();
        _fromAnthropic.Translate("content_block_delta"u8, Event, _to);
        return _to.WrittenCount;
    }

    [Benchmark]
    public int ChunkToEvent()
    {
        _to.ResetWrittenCount();
        _toAnthropic.Translate(default, Chunk, _to);
        return _to.WrittenCount;
    }

    [Benchmark]
    public int ChatToMessages()
    {
        _to.ResetWrittenCount();
        _provider.WriteRequest(Chat, Call, _to, new DroppedFields());
        return _to.WrittenCount;
    }

    [Benchmark]
    public int MessagesToChat()
    {
        _to.ResetWrittenCount();
        _client.ReadRequest(_messages, _to, new DroppedFields());
        return _to.WrittenCount;
    }
}
