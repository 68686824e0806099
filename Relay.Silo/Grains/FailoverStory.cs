using Relay.Core.Errors;

namespace Relay.Silo.Grains;

/// <summary>How a request went from one target to another.</summary>
public enum FailoverKind
{
    /// <summary>Before the first token: the client saw nothing of it.</summary>
    Failover = 0,

    /// <summary>After it: the client's stream broke and was continued.</summary>
    Rescue = 1,
}

/// <summary>A request went from one target to another.</summary>
/// <param name="At">When it went over, UTC.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Model">The model that served it.</param>
/// <param name="RequestId">Its id.</param>
/// <param name="From">The target that it left.</param>
/// <param name="To">The target that it went to.</param>
/// <param name="Error">Why; null when the target's breaker kept it away.</param>
/// <param name="After">How long the attempt that was left had run.</param>
/// <param name="Succeeded">The request ended well.</param>
public sealed record FailoverStory(
    DateTimeOffset At, FailoverKind Kind, string Model, string RequestId, string From, string To, ErrorKind? Error, TimeSpan After, bool Succeeded);
