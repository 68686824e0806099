using Relay.Core.Errors;
using Relay.Core.Slow;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Attempts;

/// <summary>
/// Times the attempts of one request, one after the other, and tells each target how fast it was: at the first token, after
/// <see cref="EnoughGaps"/> more, and at the end. So a slow target is known long before a slow answer is complete.
/// </summary>
internal sealed class SpeedWatch
{
    /// <summary>The times between so many tokens are enough to tell how fast a stream goes.</summary>
    private const int EnoughGaps = 32;

    /// <summary>Fewer times between tokens than this tell nothing.</summary>
    private const int FewestGaps = 8;

    private TargetSpeed? _speed;
    private SlowTicket _ticket;
    private bool _isProbe;
    private TimeSpan _started;
    private TimeSpan _first;
    private TimeSpan _last;
    private TimeSpan _paused;
    private int _tokens;

    /// <summary>An attempt starts.</summary>
    public void Start(RelayRequest request, in Visit visit, TimeSpan now)
    {
        if (request.Endpoint == EndpointKind.CountTokens)
        {
            // Counting says nothing about how fast the target answers.
            return;
        }

        var timeouts = request.Route.Options.Timeouts;
        var reasons = visit.Target.Options.Reasoning || request.Scan.Reasons;
        _speed = visit.Target.State.Speed;
        _isProbe = visit.Lease.IsHeld;
        (_started, _paused, _tokens) = (now, TimeSpan.Zero, 0);
        var firstTokenMax = _speed.Options.FirstTokenMax;
        _ticket = _speed.Enter(
            SlowClass.Of(request.Body.Memory.Length, reasons),
            request.Scan.Stream,
            firstTokenMax == TimeSpan.Zero ? TimeSpan.MaxValue : reasons ? firstTokenMax * timeouts.ReasoningFactor : firstTokenMax,
            now,
            request.Scan.Stream ? timeouts.Connect + timeouts.FirstTokenLimit(visit.AnotherAvailable, reasons) : timeouts.Attempt);
    }

    /// <summary>A token came.</summary>
    public void Token(TimeSpan now)
    {
        _last = now;
        if (++_tokens == 1)
        {
            _first = now;
            _speed?.FirstToken(ref _ticket, now - _started, _isProbe, now);
        }
        else if (_tokens == EnoughGaps + 1)
        {
            JudgeGaps();
        }
    }

    /// <summary>The client was slow, so that the provider could not show how fast it is.</summary>
    public void Pause(TimeSpan time) => _paused += time;

    /// <summary>The attempt is over. True when it was slow.</summary>
    public bool End(RelayRequest request, AttemptResult result, TimeSpan now)
    {
        if (_speed is not { } speed)
        {
            return false;
        }

        var answered = result.End == AttemptEnd.Answered;
        if (answered && _tokens is > FewestGaps and <= EnoughGaps)
        {
            JudgeGaps();
        }

        var isPlainChat = answered && !request.Scan.Stream && request.Endpoint == EndpointKind.Chat;
        var tokens = isPlainChat ? result.Usage?.TotalOutput : null;
        var gaveUp = result is { Status: 0 or 200, Kind: ErrorKind.ClientClosed or ErrorKind.ClientDeadline or ErrorKind.FirstTokenTimeout or ErrorKind.TotalTimeout };
        speed.Leave(ref _ticket, new(answered, gaveUp, now - _started, _tokens > 0, tokens, result.Usage is { Estimated: false }) { Tells = !result.NotSent }, now);
        _speed = null;
        return _ticket.IsSlow;
    }

    /// <summary>Nobody will say how the attempt ended, if one runs at all.</summary>
    public void Abandon(TimeSpan now)
    {
        _speed?.Leave(ref _ticket, new(Answered: false, GaveUp: false, now - _started, _tokens > 0, PlainTokens: null, IsCounted: false) { Tells = false }, now);
        _speed = null;
    }

    private void JudgeGaps()
    {
        var span = _last - _first;
        if (_paused * 10 <= span)
        {
            _speed?.InterToken(ref _ticket, span / (_tokens - 1), _last);
        }
    }
}
