using System.Globalization;
using Microsoft.AspNetCore.Http;
using Relay.Gateway.Attempts;

namespace Relay.Gateway.Endpoints;

/// <summary>The response headers: Relay's own, and those of the provider that a client may want.</summary>
internal static class AnswerHeaders
{
    /// <summary>The request's id.</summary>
    public const string RequestId = "x-relay-request-id";

    /// <summary>The target that answered.</summary>
    public const string Target = "x-relay-target";

    /// <summary>How many attempts it took.</summary>
    public const string Attempts = "x-relay-attempts";

    /// <summary>The cost in USD.</summary>
    public const string Cost = "x-relay-cost-usd";

    /// <summary>Request fields that the target cannot honour.</summary>
    public const string Dropped = "x-relay-dropped";

    /// <summary>Writes them.</summary>
    public static void Write(IHeaderDictionary headers, in AnswerHead head)
    {
        if (head.Upstream is not null)
        {
            PassOn(head.Upstream, headers);
        }

        headers[RequestId] = head.RequestId;
        headers[Attempts] = head.Attempts.ToString(CultureInfo.InvariantCulture);
        headers["Server-Timing"] = string.Create(CultureInfo.InvariantCulture, $"relay;dur={head.Overhead.TotalMilliseconds:0.###}");
        if (head.Target is not null)
        {
            headers[Target] = EscapeName(head.Target);
        }

        if (head.Dropped.Count > 0)
        {
            headers[Dropped] = string.Join(", ", head.Dropped.Where(IsPlain));
        }

        if (head.Cost is { } cost)
        {
            headers[Cost] = cost.ToString();
        }
    }

    private static void PassOn(HttpResponseMessage upstream, IHeaderDictionary headers)
    {
        foreach (var (name, values) in upstream.Headers.NonValidated)
        {
            var wanted = name.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("openai-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("anthropic-ratelimit-", StringComparison.OrdinalIgnoreCase)
                || name.Equals("request-id", StringComparison.OrdinalIgnoreCase)
                || name.Equals("x-request-id", StringComparison.OrdinalIgnoreCase);
            if (wanted && values.ToString() is var text && IsPlain(text))
            {
                headers[name] = text;
            }
        }
    }

    /// <summary>Header values are ASCII; a model may be named otherwise.</summary>
    public static string EscapeName(string name) => IsPlain(name) ? name : Uri.EscapeDataString(name);

    private static bool IsPlain(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;
}
