using Relay.Gateway.Config;
using Relay.Gateway.Telemetry.Metrics;

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
    TimeSpan Started);
