namespace Relay.Gateway.Config.Reading;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
internal static class Suggestion
{
    private const int MaxLength = 64;
    private const int MaxCandidates = 1000;

    /// <summary><c>configured are 'openai', 'sim' — did you mean 'openai'?</c></summary>
    /// <param name="intro">What the names are: <c>configured are</c>.</param>
    /// <param name="name">The mistyped name.</param>
    /// <param name="candidates">The names that there are, at least one.</param>
    public static string Among(string intro, string name, IReadOnlyCollection<string> candidates)
    {
        var guess = Closest(name, candidates);
        return $"{intro} {SafeText.ShowList(candidates)}" + (guess is null ? "" : $" — did you mean {SafeText.Show(guess)}?");
    }

    /// <summary>The closest candidate, or null when none is close: at most a third of the letters may differ.</summary>
    public static string? Closest(string name, IReadOnlyCollection<string> candidates)
    {
        if (name.Length > MaxLength || candidates.Count > MaxCandidates)
        {
            return null;
        }

        var best = Math.Max(1, name.Length / 3) + 1;
        string? closest = null;
        foreach (var candidate in candidates)
        {
            if (candidate.Length <= MaxLength && Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant()) is var distance && distance < best)
            {
                best = distance;
                closest = candidate;
            }
        }

        return closest;
    }

    /// <summary>Letters to insert, delete, replace or swap with their neighbour: optimal string alignment.</summary>
    public static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var k = 0; k <= b.Length; k++)
            {
                if (i == 0 || k == 0)
                {
                    rows[i, k] = i + k;
                    continue;
                }

                var replaced = rows[i - 1, k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1);
                rows[i, k] = Math.Min(replaced, Math.Min(rows[i - 1, k], rows[i, k - 1]) + 1);
                if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                {
                    rows[i, k] = Math.Min(rows[i, k], rows[i - 2, k - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
