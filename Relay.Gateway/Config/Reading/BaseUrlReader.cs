namespace Relay.Gateway.Config.Reading;

/// <summary>Reads a provider's base URL. No error repeats it: it may hold a password.</summary>
internal static class BaseUrlReader
{
    private const string Example = "such as \"https://api.openai.com/v1\"";

    /// <summary>The URL without slash at its end, or null after an error.</summary>
    public static Uri? Read(JsonCursor at)
    {
        if (at.AsString($"write a URL {Example}") is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
        {
            at.Error("is not an absolute http or https URL", $"write a URL with its scheme and host, {Example}");
            return null;
        }

        if (Problem(text, uri) is var (problem, fix))
        {
            at.Error(problem, fix);
            return null;
        }

        return Normalized(uri);
    }

    private static (string Problem, string Fix)? Problem(string text, Uri uri)
    {
        // The raw text is looked at too, because Uri repairs spaces and backslashes, and drops an empty query or fragment.
        if (text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\'))
        {
            return ("has a space, backslash or control character", $"write a URL {Example}");
        }

        if (uri.UserInfo.Length > 0 || text.Contains('@', StringComparison.Ordinal))
        {
            return ("holds a user name or password", "leave them out; the credential belongs in apiKey, as \"env:NAME\" or \"file:PATH\"");
        }

        if (text.AsSpan().ContainsAny('?', '#'))
        {
            return ("has a query or fragment", $"end it with the path up to the version, {Example}");
        }

        return uri.AbsolutePath.TrimEnd('/').EndsWith("/chat/completions", StringComparison.Ordinal)
            ? ("ends in /chat/completions, which Relay adds itself", $"end it with the path up to the version, {Example}")
            : null;
    }

    private static Uri Normalized(Uri uri) => new(uri.GetLeftPart(UriPartial.Path).TrimEnd('/'), UriKind.Absolute);
}
