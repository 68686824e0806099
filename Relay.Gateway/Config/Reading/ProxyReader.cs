namespace Relay.Gateway.Config.Reading;

/// <summary>Reads the URL of a proxy. No error repeats it: it may hold a password.</summary>
internal static class ProxyReader
{
    private const string Form = "write \"http://host:port\", or \"env:NAME\" or \"file:PATH\" where that stands with a user name and password: http://user:password@host:port";

    /// <summary>The proxy, and the user name and password for it; nulls after an error.</summary>
    public static (Uri? Proxy, Secret? Credential) Read(JsonCursor at)
    {
        if (at.AsString(Form) is not { } written || SecretReader.LiteralOrReference(at) is not { } secret)
        {
            return default;
        }

        var text = secret.Reveal();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.PathAndQuery != "/" || url.Fragment.Length > 0)
        {
            if (!at.Context.Environment.IsStandIn(text))
            {
                at.Error("is not the URL of a proxy", Form);
            }

            return default;
        }

        if (url.Scheme != Uri.UriSchemeHttp)
        {
            at.Error("is not an http proxy", "write \"http://host:port\"; the way from the proxy to an https provider is encrypted all the same");
            return default;
        }

        if (url.UserInfo.Length > 0 && text == written)
        {
            at.Error("holds a user name or password", "secrets do not belong in the file: write \"env:NAME\" or \"file:PATH\" and put the whole URL there");
            return default;
        }

        return (new(url.GetLeftPart(UriPartial.Authority).Replace(url.UserInfo + "@", "", StringComparison.Ordinal)), Credential(url, at));
    }

    private static Secret? Credential(Uri url, JsonCursor at)
    {
        if (url.UserInfo.Length == 0)
        {
            return null;
        }

        var text = Uri.UnescapeDataString(url.UserInfo);
        if (!text.Contains(':', StringComparison.Ordinal))
        {
            text += ":";
        }

        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return new(text);
        }

        at.Error("the user name or password has a character that is not visible ASCII", "give the proxy's account another one");
        return null;
    }
}
