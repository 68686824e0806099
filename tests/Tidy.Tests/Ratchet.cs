using System.Text.Json;

namespace Tidy.Tests;

/// <summary>
/// Sizes over the limits, each with its number. A size that is not listed may not exceed its limit; a listed one may
/// only shrink, and is lowered or taken off the list when it did, so that it cannot grow back.
/// </summary>
public sealed record Ratchet(SortedDictionary<string, int> Files, SortedDictionary<string, int> Methods)
{
    public const string Path = "tests/Tidy.Tests/ratchet.json";
    public const int FileLines = 300;
    public const int MethodLines = 70;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Ratchet Parse(string json)
    {
        var read = JsonSerializer.Deserialize<Ratchet>(json, Form) ?? throw new FormatException($"{Path} is empty");
        return new Ratchet(new(read.Files, StringComparer.Ordinal), new(read.Methods, StringComparer.Ordinal));
    }

    public static Ratchet Measure(IEnumerable<SourceFile> sources)
    {
        var measured = new Ratchet([], []);
        foreach (var file in sources)
        {
            measured.Files[file.Path] = file.Text.Split('\n').Length - (file.Text.EndsWith('\n') ? 1 : 0);
            foreach (var (name, lines) in MethodLengths.Of(file.Code))
            {
                measured.Methods[$"{file.Path}#{name}"] = lines;
            }
        }

        return measured;
    }

    public string ToJson() => JsonSerializer.Serialize(this, Form) + "\n";

    /// <summary>What is wrong with these sizes, given this list.</summary>
    public IEnumerable<string> Check(Ratchet measured)
    {
        var offences = Check(Files, measured.Files, FileLines).Concat(Check(Methods, measured.Methods, MethodLines)).ToList();
        var lowered = new Ratchet(Lower(Files, measured.Files, FileLines), Lower(Methods, measured.Methods, MethodLines)).ToJson();
        if (lowered != ToJson())
        {
            offences.Add($"the list must shrink; write this to {Path}:\n{lowered}");
        }

        return offences;
    }

    private static IEnumerable<string> Check(SortedDictionary<string, int> listed, SortedDictionary<string, int> measured, int limit) =>
        from size in measured
        let most = listed.GetValueOrDefault(size.Key, limit)
        where size.Value > Math.Max(most, limit)
        select listed.ContainsKey(size.Key)
            ? $"{size.Key}: {size.Value} lines, grown from {most}; what is listed may only shrink"
            : $"{size.Key}: {size.Value} lines, the limit is {limit}; split it by idea";

    private static SortedDictionary<string, int> Lower(SortedDictionary<string, int> listed, SortedDictionary<string, int> measured, int limit)
    {
        var lowered = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, most) in listed)
        {
            var now = Math.Min(most, measured.GetValueOrDefault(key));
            if (now > limit)
            {
                lowered[key] = now;
            }
        }

        return lowered;
    }
}
