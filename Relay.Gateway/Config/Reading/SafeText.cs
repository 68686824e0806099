using System.Text;
using System.Text.RegularExpressions;

namespace Relay.Gateway.Config.Reading;

/// <summary>
/// Makes text of the file fit to repeat in an error: on one line, short, and three stars where it looks like a credential that was
/// written into the wrong place. Values of fields that hold secrets are never repeated, whatever they look like.
/// </summary>
internal static partial class SafeText
{
    private const int MaxLength = 80;
    private const int MaxSegment = 210;
    private const int MaxListed = 12;

    private const string KeyPrefix = "(^|[^A-Za-z0-9])([spr]k[-_][A-Za-z0-9_-]{8}|(gsk|gh[a-z]|xai|hf|pplx|nvapi)[-_][A-Za-z0-9_-]{20}|AIza|eyJ|bearer |basic )";
    private const string LongRun = "[A-Za-z0-9]{8}[A-Za-z0-9]*[0-9][A-Za-z0-9]{15}";
    private const string UserInfo = "://[^/]*@";
    private const string Stars = "***";

    /// <summary>The text in single quotes.</summary>
    public static string Show(string text) => $"'{Clean(text, MaxLength)}'";

    /// <summary>A list of texts, each in single quotes; the first twelve of them.</summary>
    public static string ShowList(IEnumerable<string> texts)
    {
        var shown = texts.Take(MaxListed + 1).Select(Show).ToArray();
        return shown.Length <= MaxListed ? string.Join(", ", shown) : string.Join(", ", shown[..MaxListed]) + ", ...";
    }

    /// <summary>A name as a step of a JSON path: <c>.name</c>, or <c>['gpt 4.1']</c> where it is not a plain word.</summary>
    public static string PathStep(string name)
    {
        var clean = Clean(name, MaxSegment);
        return PlainWord().IsMatch(clean) ? $".{clean}" : $"['{clean.Replace("'", "\\'", StringComparison.Ordinal)}']";
    }

    private static string Clean(string text, int maxLength)
    {
        if (LooksLikeCredential().IsMatch(text))
        {
            return Stars;
        }

        var clean = new StringBuilder();
        foreach (var c in text)
        {
            if (clean.Length >= maxLength)
            {
                return clean.Append("...").ToString();
            }

            _ = char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? clean.Append($"\\u{(int)c:x4}") : clean.Append(c);
        }

        return clean.ToString();
    }

    [GeneratedRegex("^[A-Za-z_$][A-Za-z0-9_-]*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PlainWord();

    /// <summary>A known beginning of API keys, a bearer token, a long unbroken run of letters with digits, or a password in a URL.</summary>
    [GeneratedRegex($"{KeyPrefix}|{LongRun}|{UserInfo}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LooksLikeCredential();
}
