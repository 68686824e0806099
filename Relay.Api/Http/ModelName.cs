using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Relay.Api.Http;

/// <summary>The model's name at the end of a path. It may hold slashes, encoded or not.</summary>
internal static class ModelName
{
    private const int SegmentsBefore = 3;

    /// <summary>
    /// Reads it from the request line as it was sent: the decoded path leaves <c>%2F</c> as it is but decodes <c>%25</c>, so that a slash
    /// and a literal "%2F" could not be told apart any more.
    /// </summary>
    public static string Read(HttpContext context)
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

        return raw.IsEmpty ? "" : Uri.UnescapeDataString(raw[1..]);
    }
}
