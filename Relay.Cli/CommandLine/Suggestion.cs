using System.CommandLine;

namespace Relay.Cli.CommandLine;

/// <summary>What someone may have meant who wrote an option or a command that is not there.</summary>
internal static class Suggestion
{
    /// <summary>More letters than this apart, it is another word.</summary>
    private const int MaxDistance = 3;

    /// <summary><c>" Did you mean '--window'?"</c>, with a space in front; empty when nothing is near.</summary>
    /// <param name="written">What was written; with <c>=</c>, the part before it counts.</param>
    /// <param name="known">What there is.</param>
    public static string For(string written, IEnumerable<string> known)
    {
        var word = written.Split('=', 2)[0];
        var nearest = known
            .Select(name => (Name: name, Distance: name.StartsWith(word, StringComparison.Ordinal) && word.Trim('-').Length > 1 ? 1 : Distance(word, name)))
            .Where(candidate => candidate.Distance <= Math.Min(MaxDistance, candidate.Name.Trim('-').Length / 2))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Name is null ? "" : $" Did you mean '{nearest.Name}'?";
    }

    /// <summary>The options of a command.</summary>
    public static IEnumerable<string> Options(Command command) => command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)).Append("--help");

    /// <summary>Letters to add, drop, change, or swap with the next one (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var (before, last) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray());
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last) = (last, row);
        }

        return last[^1];
    }
}
