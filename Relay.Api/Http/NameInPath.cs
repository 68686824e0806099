using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Relay.Api.Http;

/// <summary>The name of a model or target at the end of a path, or before <c>/series</c>. It may hold slashes, encoded or not.</summary>
/// <param name="Name">The name, decoded.</param>
/// <param name="IsSeries">True when <c>/series</c> follows it, with its slash as it is: a name that ends so is asked for with that slash encoded.</param>
internal readonly record struct NameInPath(string Name, bool IsSeries)
{
    private const string Series = "/series";
    private const int SegmentsBefore = 3;

    /// <summary>
    /// Reads it from the request line as it was sent: the decoded path leaves <c>%2F</c> as it is but decodes <c>%25</c>, so that a slash
    /// and a literal "%2F" could not be told apart any more.
    /// </summary>
    public static NameInPath Read(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var query = raw.IndexOf('?');
        raw = query < 0 ? raw : raw[..query];

        // Absolute form, as proxies are asked: http://host/api/v1/models/NAME.
        var scheme = raw.IndexOf("://");
        if (!raw.StartsWith('/') && scheme >= 0)
        {
            raw = raw[(scheme + 3)..];
            raw = raw[Math.Max(0, raw.IndexOf('/'))..];
        }

        for (var i = 0; i < SegmentsBefore && !raw.IsEmpty; i++)
        {
            var next = raw[1..].IndexOf('/');
            raw = next < 0 ? default : raw[(next + 1)..];
        }

        raw = raw.IsEmpty ? raw : raw[1..];
        var isSeries = raw.EndsWith(Series, StringComparison.Ordinal);
        return new NameInPath(Uri.UnescapeDataString(isSeries ? raw[..^Series.Length] : raw), isSeries);
    }
}
