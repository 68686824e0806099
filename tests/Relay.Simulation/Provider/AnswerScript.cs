using System.Globalization;
using System.Text;
using Relay.Simulation.Planted;
using Relay.Simulation.Time;

namespace Relay.Simulation.Provider;

/// <summary>The body of a 200, with what goes wrong in it.</summary>
/// <param name="attempt">The attempt that it answers.</param>
/// <param name="rng">Where and when it goes wrong.</param>
/// <param name="bug">A planted bug.</param>
internal sealed class AnswerScript(UpstreamAttempt attempt, Rng rng, PlantedBug bug)
{
    private static readonly (string Type, string Code)[] Errors =
        [("server_error", "internal"), ("overloaded_error", "overloaded"), ("rate_limit_error", "rate_limit_exceeded"), ("invalid_request_error", "context_length_exceeded")];

    private readonly Asked _asked = attempt.Asked!;
    private readonly Quirks _quirks = attempt.Target.Quirks;

    /// <summary>The content type of the answer.</summary>
    public static string ContentType(UpstreamAttempt attempt) => (attempt.Asked!.Stream, attempt.Fault) switch
    {
        (true, FaultKind.WrongType) => "application/json",
        (false, FaultKind.WrongType) => "text/html",
        (true, _) => "text/event-stream",
        _ => "application/json; charset=utf-8",
    };

    /// <summary>Writes it.</summary>
    public Script Write(VirtualTime time)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"chatcmpl-{attempt.Request.Index}-{attempt.Target.Index}-{time.Elapsed.Ticks}");
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        var slowness = (attempt.Fault == FaultKind.Slow ? rng.Pick(4.0, 10, 40) : 1) * attempt.Target.Weather.Pace(attempt.Began);
        var isStream = _asked.Stream && attempt.Fault != FaultKind.WrongType;
        var script = isStream ? WriteStream(id, created, slowness)
            : !_asked.Stream && attempt.Fault == FaultKind.WrongType ? PlainWriter.Of("<html>It works!</html>", TimeSpan.Zero)
            : PlainWriter.Answer(_asked, _quirks, id, created, attempt.Fault, rng.About(_quirks.Gap * _asked.Words * slowness));
        return PlantedStream.Of(Spoil(script, isStream), isStream ? bug : PlantedBug.None, rng);
    }

    private Script WriteStream(string id, long created, double slowness)
    {
        var writer = new ChunkWriter(_asked, _quirks, id, created, rng) { From = WhatItSays(), Slowness = slowness, Fault = attempt.Fault };
        var script = writer.Write();
        attempt.ReportedTokens = attempt.Fault is FaultKind.NoUsage or FaultKind.Empty ? null : writer.Tokens;
        return script;
    }

    /// <summary>All of the answer, or what it makes of the answer so far.</summary>
    private string WhatItSays()
    {
        var whole = _asked.Text(0);
        if (_asked.SoFar is not { } soFar || _quirks.Continuing == Continuing.StartsAgain || !whole.StartsWith(soFar, StringComparison.Ordinal))
        {
            return whole;
        }

        var again = _quirks.Continuing == Continuing.Overlaps ? Math.Min(soFar.Length, 60) : 0;
        var from = soFar.Length - again;
        return whole[(from > 0 && from < whole.Length && char.IsLowSurrogate(whole[from]) ? from - 1 : from)..];
    }

    private Script Spoil(Script script, bool isStream)
    {
        switch (attempt.Fault)
        {
            case FaultKind.CutHard:
                script.Cut(Place(script), Ending.Breaks);
                break;
            case FaultKind.CutSoft:
                script.Cut(Place(script), Ending.Ends);
                break;
            case FaultKind.Stall:
                script.Cut(Place(script), Ending.Hangs);
                break;
            case FaultKind.SilentBody:
                script.Cut(0, Ending.Hangs);
                break;
            case FaultKind.NoDoneOpen:
                script.EndWith(Ending.Hangs);
                break;
            case FaultKind.Pause:
                script.Pause(Place(script), rng.Seconds(0.5, 40));
                break;
            case FaultKind.ErrorInside:
                return WithError(script, isStream);
        }

        return script;
    }

    /// <summary>Any byte; often one where events meet, since there things look whole.</summary>
    private int Place(Script script) => rng.Chance(0.3) ? rng.Pick(script.Parts.ToArray()).Until : rng.Below(script.Length + 1);

    private Script WithError(Script script, bool isStream)
    {
        var (type, code) = rng.Pick<(string Type, string Code)>(Errors);
        if (!isStream)
        {
            return PlainWriter.Error("It broke.", type, code);
        }

        var start = script.Start(rng.Below(script.Parts.Count));
        Encoding.UTF8.GetBytes($"data: {{\"error\":{{\"message\":\"It broke.\",\"type\":\"{type}\",\"code\":\"{code}\"}}}}{_quirks.LineEnd}{_quirks.LineEnd}", start.Writer);
        start.Part(TimeSpan.Zero);
        return start;
    }
}
