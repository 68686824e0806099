using System.Text;
using Relay.Gateway.Tests.Kit;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Slow;

/// <summary>An upstream that is as slow as the test says, on the test's clock: it moves the clock before it answers.</summary>
internal sealed class PacedUpstream : IAsyncDisposable
{
    private readonly ManualTimeProvider _time;
    private readonly RawUpstream _upstream;

    public PacedUpstream(ManualTimeProvider time)
    {
        _time = time;
        _upstream = RawUpstream.Start(AnswerAsync);
    }

    public Uri Url => _upstream.Url;

    public int Count => _upstream.Count;

    /// <summary>The time to a first token, or to a plain answer of <see cref="Tokens"/>.</summary>
    public TimeSpan FirstToken { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The time between two tokens; then each waits until the client has taken the one before.</summary>
    public TimeSpan? InterToken { get; set; }

    public int Tokens { get; set; } = 12;

    /// <summary>Released by the client for each token that it has taken.</summary>
    public SemaphoreSlim Taken { get; } = new(0);

    /// <summary>Answers nothing, once the clock has moved.</summary>
    public bool Silent { get; set; }

    /// <summary>Released when a silent one has moved the clock.</summary>
    public SemaphoreSlim Kept { get; } = new(0);

    /// <summary>Answers 500.</summary>
    public bool Fails { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        Taken.Dispose();
        Kept.Dispose();
    }

    private async Task AnswerAsync(RawCall call)
    {
        _time.Advance(FirstToken);
        if (Fails)
        {
            await call.SendJsonAsync("{}"u8.ToArray(), status: 500);
        }
        else if (Silent)
        {
            Kept.Release();
            await call.GatewayLeftAsync();
        }
        else if (!Encoding.UTF8.GetString(call.Body).Contains("\"stream\":true", StringComparison.Ordinal))
        {
            var json = $$$"""{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":{{{Tokens}}},"total_tokens":{{{9 + Tokens}}}}}""";
            await call.SendJsonAsync(Encoding.UTF8.GetBytes(json));
        }
        else if (InterToken is not { } gap)
        {
            await call.SendStreamAsync(Sse.Role + string.Concat(Enumerable.Repeat(Sse.Text("a "), Tokens)) + Sse.Finish() + Sse.Done);
        }
        else
        {
            await SendSlowlyAsync(call, gap);
        }
    }

    private async Task SendSlowlyAsync(RawCall call, TimeSpan gap)
    {
        await call.StartStreamAsync();
        for (var i = 0; i < Tokens; i++)
        {
            await call.WriteAsync(Sse.Text("a "));
            await Taken.WaitAsync(call.Stopped);
            _time.Advance(gap);
        }

        await call.WriteAsync(Sse.Finish() + Sse.Done);
    }
}
