using Relay.Cli.Server;
using Relay.Cli.Top.Live;
using Relay.Cli.Top.Table;
using Relay.V1;
using Spectre.Console.Rendering;

namespace Relay.Cli.Top.Detail;

/// <summary>What became of breakers and requests lately.</summary>
internal static class PastView
{
    private const int MaxTransitions = 6;

    /// <summary>The lines, one renderable each.</summary>
    public static IEnumerable<IRenderable> Of(DetailStats? pasts, DateTime now, int width)
    {
        if (pasts is null || pasts.Problem is not null)
        {
            yield return Painter.Text("Breakers and failovers", Tone.Strong);
            yield return Painter.Line(width, new Cell(pasts?.Problem ?? "asked for", pasts is null ? Tone.Faint : Tone.Warning));
            yield break;
        }

        yield return Painter.Text(pasts.Breakers.Count == 1 ? "Breaker" : "Breakers", Tone.Strong);
        foreach (var breaker in pasts.Breakers)
        {
            yield return Painter.Line(width, State(breaker, now));
            foreach (var change in breaker.Transitions.Take(MaxTransitions))
            {
                yield return Painter.Line(width, Change(change, now));
            }
        }

        yield return Painter.Text("");
        yield return Painter.Text("Failovers and rescues", Tone.Strong);
        foreach (var story in pasts.Failovers)
        {
            yield return Painter.Line(width, Story(story, now));
        }

        if (pasts.Failovers.Count == 0)
        {
            yield return Painter.Text("none", Tone.Faint);
        }
    }

    private static IEnumerable<Cell> State(TargetBreaker target, DateTime now)
    {
        yield return new($"{Printable.Text(target.Target)}  ");
        if (target.Breaker is not { } breaker)
        {
            yield return new("unknown: no gateway has reported for 10 s", Tone.Warning);
            yield break;
        }

        yield return new(Word(breaker.State), BreakerCell.ToneOf(breaker.State));
        yield return new($"  {BreakerText.Why(breaker)}");
        if (breaker.Reason != "none")
        {
            yield return new($"  for {Format.Span(now - breaker.Since.ToDateTime())}", Tone.Faint);
        }

        if (breaker is { State: BreakerState.Open, OpenUntil: { } until })
        {
            yield return new($"  next probe in {Format.Span(until.ToDateTime() - now)}");
        }

        yield return new($"  opened {Format.Count(breaker.Opened)} {(breaker.Opened == 1 ? "time" : "times")}", Tone.Faint);
    }

    private static IEnumerable<Cell> Change(BreakerTransition change, DateTime now) =>
    [
        new($"  {Age(change.At.ToDateTime(), now)}  ", Tone.Faint),
        new($"{Word(change.From)} → "),
        new(Word(change.To), BreakerCell.ToneOf(change.To)),
        new($"  {BreakerText.Reason(change.Reason)}", Tone.Faint),
    ];

    private static IEnumerable<Cell> Story(Failover story, DateTime now) =>
    [
        new($"{Age(story.At.ToDateTime(), now)}  ", Tone.Faint),
        new($"{Printable.Text(story.From)} → {Printable.Text(story.To)}"),
        new(story.Error == "passed_over" ? "  kept away by its breaker" : $"  {Printable.Text(story.Error)} after {Format.Milliseconds(story.AfterMs)}"),
        new(story.Succeeded ? "  ended well" : "  failed", story.Succeeded ? Tone.Good : Tone.Bad),
        new($"  {(story.Kind == Failover.Types.Kind.Rescue ? "rescue" : "failover")}", Tone.Faint),
        new($"  {Printable.Text(story.Model)}", Tone.Faint),
        new($"  {Printable.Text(story.RequestId)}", Tone.Faint),
    ];

    private static string Age(DateTime at, DateTime now) => FittedTable.Fit($"{Format.Span(now - at)} ago", 10, isLeft: false);

    private static string Word(BreakerState state) => Words.Of(state).Replace('_', '-');
}
