using System.Text;
using BenchmarkDotNet.Attributes;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Benchmarks;

/// <summary>The one pass over a request body of 1 KB, and the splice of its model and stream options.</summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        $$"""{"model":"chat-default","messages":[{"role":"system","content":"{{new string('x', 860)}}"},{"role":"user","content":"Hello"}],"temperature":0.2,"stream":true}""");

    private static readonly byte[] Upstream = RequestSplice.QuoteModel("gpt-4.1");

    private readonly RequestScan _scan = RequestScanner.ScanChat(Body, out _)!;

    [Benchmark]
    public bool Scan() => RequestScanner.ScanChat(Body, out _)!.Stream;

    [Benchmark]
    public int Splice()
    {
        var splice = new RequestSplice(Body, _scan, Upstream);
        var length = 0;
        for (var piece = 0; piece < RequestSplice.Pieces; piece++)
        {
            length += splice[piece].Length;
        }

        return length;
    }
}
