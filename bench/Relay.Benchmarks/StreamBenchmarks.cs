using System.Text;
using BenchmarkDotNet.Attributes;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Streaming;

namespace Relay.Benchmarks;

/// <summary>Framing a stream of 64 chunks, reading one chunk, and both together as the relay does it.</summary>
[MemoryDiagnoser]
public class StreamBenchmarks
{
    private const int Chunks = 64;

    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4.1","service_tier":"default","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"content":" gateway"},"logprobs":null,"finish_reason":null}],"usage":null}""");

    private static readonly byte[] Stream = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Repeat("data: " + Encoding.UTF8.GetString(Chunk) + "\n\n", Chunks)));

    [Benchmark]
    public bool ScanChunk() => ChunkScanner.Scan(Chunk).HasDelta;

    [Benchmark]
    public int Frame()
    {
        var framer = new SseFramer();
        var events = 0;
        while (framer.TryRead(Stream, out _))
        {
            events++;
        }

        return events;
    }

    [Benchmark]
    public int FrameAndScan()
    {
        var framer = new SseFramer();
        var deltas = 0;
        while (framer.TryRead(Stream, out var found))
        {
            deltas += ChunkScanner.Scan(SseFramer.JoinData(Stream, found)).HasDelta ? 1 : 0;
        }

        return deltas;
    }
}
