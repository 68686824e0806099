using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Gemini;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Dialects.Responses;

namespace Relay.Benchmarks;

/// <summary>What Gemini as a provider and Responses as a client's form cost for each piece of a stream and for each request.</summary>
[MemoryDiagnoser]
public class DialectBenchmarks
{
    private static readonly byte[] Event = """{"candidates":[{"content":{"parts":[{"text":" gateway"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":7,"totalTokenCount":19},"modelVersion":"gemini-2.5-flash","responseId":"0123456789abcdef"}"""u8.ToArray();

    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4.1","service_tier":"default","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"content":" gateway"},"logprobs":null,"finish_reason":null}],"usage":null}""");

    private static readonly byte[] Chat = Encoding.UTF8.GetBytes(
        """{"model":"m","messages":[{"role":"system","content":"You are brief."},{"role":"user","content":"What is a gateway?"},{"role":"assistant","content":"A door."},{"role":"user","content":"And a relay?"}],"temperature":0.2,"max_tokens":100,"stream":true}""");

    private static readonly byte[] Responses = Encoding.UTF8.GetBytes(
        """{"model":"m","instructions":"You are brief.","input":[{"role":"user","content":"What is a gateway?"},{"role":"assistant","content":"A door."},{"role":"user","content":"And a relay?"}],"temperature":0.2,"max_output_tokens":100,"stream":true,"store":false}""");

    private static readonly UpstreamCall Call = new("gemini-2.5-flash", Stream: true, "req", 1_760_000_000);

    private readonly ArrayBufferWriter<byte> _to = new(4096);
    private readonly OpenAiGemini _provider = new();
    private EventTranslator _fromGemini = null!;
    private EventTranslator _toResponses = null!;

    /// <summary>A stream of its own for every run: the last event of Responses repeats the whole text, which is kept.</summary>
    [IterationSetup(Target = nameof(ChunksToResponsesEvents))]
    public void StartResponses() => _toResponses = new ResponsesOpenAi().WriteStream("m", "req");

    [GlobalSetup]
    public void StartGemini() => _fromGemini = _provider.ReadStream(Call);

    [Benchmark(Baseline = true)]
    public bool ScanPassedChunk() => ChunkScanner.Scan(Chunk).HasDelta;

    [Benchmark]
    public int GeminiEventToChunk()
    {
        _to.ResetWrittenCount();
        _fromGemini.Translate(default, Event, _to);
        return _to.WrittenCount;
    }

    [Benchmark]
    public int ChatToGemini()
    {
        _to.ResetWrittenCount();
        _provider.WriteRequest(Chat, Call, _to, new DroppedFields());
        return _to.WrittenCount;
    }

    [Benchmark]
    public int ResponsesToChat()
    {
        _to.ResetWrittenCount();
        new ResponsesOpenAi().ReadRequest(Responses, _to, new DroppedFields());
        return _to.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = 4096)]
    public int ChunksToResponsesEvents()
    {
        var written = 0;
        for (var i = 0; i < 4096; i++)
        {
            _to.ResetWrittenCount();
            _toResponses.Translate(default, Chunk, _to);
            written += _to.WrittenCount;
        }

        return written;
    }
}
