using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <summary>Which failovers and rescues are asked for.</summary>
/// <param name="Model">Only those of this model; null: of all.</param>
/// <param name="Target">Only those that left this target or went to it; null: all.</param>
/// <param name="Limit">The most stories, 1 to <see cref="MaxLimit"/>.</param>
public readonly record struct FailoverSelection(string? Model, string? Target, int Limit)
{
    /// <summary>How many are told when nobody says.</summary>
    public const int DefaultLimit = 100;

    /// <summary>The most that can be asked for.</summary>
    public const int MaxLimit = 1_000;
}

/// <summary>Failovers and rescues.</summary>
/// <param name="GeneratedAt">When it was put together, UTC.</param>
/// <param name="Failovers">The stories, newest first.</param>
public sealed record FailoversReport(DateTimeOffset GeneratedAt, IReadOnlyList<FailoverFigures> Failovers);

/// <summary>A request went from one target to another.</summary>
/// <param name="At">When it went over, UTC.</param>
/// <param name="Kind"><c>failover</c>: before the first token; <c>rescue</c>: the client's stream broke and was continued.</param>
/// <param name="Model">The model that served it.</param>
/// <param name="RequestId">The request's id.</param>
/// <param name="From">The target that it left.</param>
/// <param name="To">The target that it went to.</param>
/// <param name="Error">Why: the kind of error, or <c>passed_over</c> when the target's breaker kept it away.</param>
/// <param name="AfterMs">How long the attempt that was left had run, in milliseconds.</param>
/// <param name="Succeeded">The request ended well.</param>
public sealed record FailoverFigures(
    DateTimeOffset At, string Kind, string Model, string RequestId, string From, string To, string Error, long AfterMs, bool Succeeded)
{
    /// <summary>What <see cref="Error"/> says when the target's breaker kept the request away.</summary>
    public const string PassedOver = "passed_over";

    /// <summary>Puts a story in words.</summary>
    public static FailoverFigures Of(FailoverStory story)
    {
        ArgumentNullException.ThrowIfNull(story);
        return new(
            story.At,
            story.Kind == FailoverKind.Rescue ? "rescue" : "failover",
            story.Model,
            story.RequestId,
            story.From,
            story.To,
            story.Error?.Label() ?? PassedOver,
            (long)story.After.TotalMilliseconds,
            story.Succeeded);
    }
}
