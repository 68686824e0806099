namespace Relay.Load.Overhead;

/// <summary>One kind of load.</summary>
/// <param name="Name">Its name in the tables; <c>--only</c> looks for words in it.</param>
/// <param name="Stream">Streams of 64 chunks, else plain answers of 1 KB.</param>
/// <param name="Paced">The provider takes 5 ms for each token.</param>
/// <param name="FixedRate">Requests come at a fixed rate, else on a fixed number of connections.</param>
internal sealed record Scenario(string Name, bool Stream, bool Paced, bool FixedRate)
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Scenario> All =
    [
        new("plain, closed", Stream: false, Paced: false, FixedRate: false),
        new("stream, closed", Stream: true, Paced: false, FixedRate: false),
        new("paced stream, closed", Stream: true, Paced: true, FixedRate: false),
        new("plain, rate", Stream: false, Paced: false, FixedRate: true),
        new("stream, rate", Stream: true, Paced: false, FixedRate: true),
        new("paced stream, rate", Stream: true, Paced: true, FixedRate: true),
    ];

    /// <summary>Those whose names contain one of the words; all when there are none. Words that all name a shape or all name a pace are alternatives.</summary>
    public static IReadOnlyList<Scenario> Select(string? only)
    {
        var words = only?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var loops = words.Where(w => w is "closed" or "rate").ToArray();
        var shapes = words.Except(loops).ToArray();
        var chosen = All.Where(s => Matches(s, shapes) && Matches(s, loops)).ToArray();
        return chosen.Length > 0 ? chosen : throw new Cli.UsageException($"--only {only} leaves no scenario of: {string.Join("; ", All.Select(s => s.Name))}.");
    }

    private static bool Matches(Scenario scenario, string[] words) =>
        words.Length == 0 || words.Any(w => scenario.Name.Contains(w, StringComparison.Ordinal));
}
