using Relay.Gateway.Config;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Streaming;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Attempts;

/// <summary>What the readers of an answer's body work with.</summary>
/// <param name="Request">The request.</param>
/// <param name="Visit">The target, and what may follow.</param>
/// <param name="Response">The provider's answer, whose headers have come.</param>
/// <param name="Clock">The attempt's time limits.</param>
/// <param name="Time">The clock.</param>
/// <param name="Limits">Sizes.</param>
/// <param name="Metrics">The process's metrics.</param>
/// <param name="Started">When the attempt started.</param>
internal sealed record AttemptContext(
    RelayRequest Request,
    Visit Visit,
    HttpResponseMessage Response,
    AttemptClock Clock,
    TimeProvider Time,
    LimitOptions Limits,
    GatewayMetrics Metrics,
    TimeSpan Started)
{
    /// <summary>Translates the provider's answer; null when it comes in the form that is relayed.</summary>
    public IUpstreamDialect? Dialect { get; } = UpstreamBody.PassesThrough(Request, Visit.Target) ? null : Visit.Target.Wire.Dialect;

    /// <summary>Reads what passes through in another form than OpenAI's; null for OpenAI's.</summary>
    public AnthropicScanner? Scanner { get; } = Request.Form is { Same: Config.Dialect.Anthropic } && UpstreamBody.PassesThrough(Request, Visit.Target) ? new() : null;

    /// <summary>Reads one event of a stream in the form that is relayed.</summary>
    public ChunkScan Scan(ReadOnlySpan<byte> buffer, in SseEvent found, ReadOnlySpan<byte> data)
    {
        var scan = Scanner is not null ? Scanner.Scan(SseFramer.EventName(buffer, found), data)
            : data.SequenceEqual("[DONE]"u8) ? new() { IsEnd = true }
            : ChunkScanner.Scan(data);
        Request.Spans?.See(data, ref scan);
        return scan;
    }

    /// <summary>Opens the body of a stream in the form that is relayed.</summary>
    public async ValueTask<Stream> OpenStreamAsync()
    {
        var body = await Response.Content.ReadAsStreamAsync(Clock.Token);
        return Dialect is null ? body : new TranslatedStream(body, Dialect.ReadStream(UpstreamBody.CallOf(Request, Visit.Target)), Limits.MaxSseLineBytes);
    }
}
