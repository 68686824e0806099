using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads a provider's <c>headers</c>. A wrong name is not repeated: it may be a whole line with its secret.</summary>
internal static partial class HeadersReader
{
    /// <summary>The most headers of one provider.</summary>
    public const int MaxHeaders = 32;

    private const string Fix = "write { \"X-Name\": \"value\" }, where the value may also be \"env:NAME\" or \"file:PATH\"";

    /// <summary>Set by Relay or by HTTP itself, for each request.</summary>
    private static readonly string[] Reserved =
    [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
        "content-type", "content-encoding", "accept-encoding",
    ];

    public static ImmutableArray<KeyValuePair<string, Secret>> Read(JsonCursor? at)
    {
        if (at is not { } here || here.AsMembers(Fix) is not { } members)
        {
            return [];
        }

        if (members.Count > MaxHeaders)
        {
            here.Error($"has {members.Count} headers", $"give a provider at most {MaxHeaders}");
        }

        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, Secret>>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var number = 0;
        foreach (var (name, value) in members)
        {
            number++;
            if (CheckName(name, number, here, value, seen) && SecretReader.LiteralOrReference(value) is { } secret)
            {
                headers.Add(new(name, secret));
            }
        }

        return headers.ToImmutable();
    }

    private static bool CheckName(string name, int number, JsonCursor section, JsonCursor at, HashSet<string> seen)
    {
        if (!Token().IsMatch(name))
        {
            section.Error($"the name of header {number} is not a header name", "use letters, digits and '-', at most 100 characters; the value follows the colon, in quotes of its own");
            return false;
        }

        if (name.Equals("authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("proxy-authorization", StringComparison.OrdinalIgnoreCase))
        {
            at.Error("credentials are not sent as a header of your own", "remove it and set the provider's apiKey to \"env:NAME\" or \"file:PATH\"");
            return false;
        }

        if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            at.Error($"{SafeText.Show(name)} is set by Relay itself", "remove it");
            return false;
        }

        if (!seen.Add(name))
        {
            at.Error("the same header is there in another spelling", "keep one of them; upper and lower case are the same");
            return false;
        }

        return true;
    }

    /// <summary>RFC 9110, 5.6.2: token.</summary>
    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
