using Relay.Gateway.Attempts;
using Relay.Gateway.Telemetry.Metrics;

namespace Relay.Gateway.Streaming;

/// <summary>When the tokens of one attempt came: the first tells the probe and the request, the others are gaps for the meters.</summary>
internal struct TokenTimes(AttemptContext at)
{
    private GapBuffer _gaps = new(
        at.Visit.Target.State.Meter,
        at.Request.Route.Meter,
        at.Metrics.For(at.Request.Route.Name, at.Visit.Target.Name).InterToken,
        GenAiMeter.CountsChunks ? at.Visit.Target.Tags.For(at.Request.Endpoint).Tags : null);
    private TimeSpan _last;

    /// <summary>From the attempt's start to its first token, or null.</summary>
    public TimeSpan? First { get; private set; }

    /// <summary>A token came.</summary>
    public void Count(TimeSpan now)
    {
        at.Request.Speed.Token(now);
        if (First is null)
        {
            First = now - at.Started;
            at.Request.FirstToken ??= now - at.Request.Started;
            if (at.Visit.Lease.IsHeld)
            {
                at.Visit.Target.State.ProbeAnswered(at.Visit.Lease);
            }
        }
        else
        {
            _gaps.Add(now - _last);
        }

        _last = now;
    }

    /// <summary>Hands over what is left.</summary>
    public void Flush() => _gaps.Flush();
}
