using System.Globalization;
using System.Text.RegularExpressions;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>What a model's name tells about how it thinks (https://ai.google.dev/gemini-api/docs/thinking).</summary>
/// <param name="Thinking">How its thinking is steered.</param>
/// <param name="IsPro">It is a Pro model: those cannot stop thinking.</param>
/// <param name="WantsSignatures">It refuses calls of functions without a thought signature.</param>
internal readonly partial record struct GeminiModel(GeminiThinking Thinking, bool IsPro, bool WantsSignatures)
{
    /// <summary>Reads a name such as <c>gemini-2.5-flash</c>. A Gemini without a version, as <c>gemini-flash-latest</c>, counts as the newest; any other name says nothing.</summary>
    public static GeminiModel Of(string name)
    {
        var match = Version().Match(name);
        if (!match.Success)
        {
            return default;
        }

        var isPro = name.Contains("-pro", StringComparison.OrdinalIgnoreCase);
        var version = match.Groups["version"].ValueSpan;
        var number = version.IsEmpty ? decimal.MaxValue : decimal.Parse(version, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return number switch
        {
            >= 3 => new(GeminiThinking.Level, isPro, true),
            2.5m => new(GeminiThinking.Budget, isPro, false),
            _ => default,
        };
    }

    [GeneratedRegex(@"gemini-((?<version>\d{1,3}(\.\d{1,3})?)(?!\d)|[a-z])", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}

/// <summary>How a model's thinking is steered.</summary>
internal enum GeminiThinking
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>With thinkingBudget, in tokens: Gemini 2.5.</summary>
    Budget,

    /// <summary>With thinkingLevel: Gemini 3 and later.</summary>
    Level,
}
