using BenchmarkDotNet.Attributes;
using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Recording;
using Relay.Silo.Grains;

namespace Relay.Benchmarks;

/// <summary>Counting one request and its attempt into the shards.</summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    private static readonly Usage Usage = Usage.FromOpenAi(1_200, 300, 0, 450, 0, 0);

    private static readonly AttemptRecord Attempt = new(
        "openai/gpt-4.1", ErrorKind.None, Verdict.Success, 200, false, true, TimeSpan.FromMilliseconds(900), TimeSpan.FromMilliseconds(120), Usage, new NanoUsd(5_550_000), 0);

    private static readonly RequestRecord Request = new()
    {
        RequestId = "req_0",
        StartedAt = DateTimeOffset.UnixEpoch,
        Model = "chat-default",
        Endpoint = "chat.completions",
        Streamed = true,
        HttpStatus = 200,
        Target = "openai/gpt-4.1",
        Attempts = [Attempt],
        Latency = Attempt.Latency,
        FirstToken = Attempt.FirstToken,
        Usage = Usage,
        Cost = Attempt.Cost,
    };

    private readonly MeterShards _target = new();
    private readonly MeterShards _model = new();

    [Benchmark]
    public void Count()
    {
        _model.Count(Request);
        _target.Count(Attempt, MeteredEndpoint.ChatCompletions, leftForAnother: false);
    }

    [Benchmark]
    public object? CountAndDrain()
    {
        _target.Count(Attempt, MeteredEndpoint.ChatCompletions, leftForAnother: false);
        return _target.Drain();
    }
}
