using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Relay.Api.Http;

/// <summary>The name of a model or target at the end of a path, or before a view such as <c>/series</c>. It may hold slashes, encoded or not.</summary>
/// <param name="Name">The name, decoded.</param>
/// <param name="View">What follows it, with its slash as it is (a name that ends so is asked for with that slash encoded); null when nothing does.</param>
internal readonly record struct NameInPath(string Name, string? View)
{
    /// <summary>A time series of what is named.</summary>
    public const string Series = "/series";

    /// <summary>A heat-map of what is named.</summary>
    public const string Heatmap = "/heatmap";

    private const int SegmentsBefore = 3;

    /// <summary>
    /// Reads it from the request line as it was sent: the decoded path leaves <c>%2F</c> as it is but decodes <c>%25</c>, so that a slash
    /// and a literal "%2F" could not be told apart any more.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="views">The views that there are at this path.</param>
    public static NameInPath Read(HttpContext context, params ReadOnlySpan<string> views)
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
        foreach (var view in views)
        {
            if (raw.EndsWith(view, StringComparison.Ordinal))
            {
                return new NameInPath(Uri.UnescapeDataString(raw[..^view.Length]), view);
            }
        }

        return new NameInPath(Uri.UnescapeDataString(raw), View: null);
    }
}
