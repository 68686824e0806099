using System.Collections.Frozen;

namespace Relay.Gateway.Config.Reading;

/// <summary>The providers of a file.</summary>
/// <param name="Options">Those without errors.</param>
/// <param name="Names">All that are there: a target may name one whose options are wrong without being wrong itself.</param>
internal sealed record ProviderSet(FrozenDictionary<string, ProviderOptions> Options, SortedSet<string> Names);

/// <summary>Reads <c>providers</c>.</summary>
internal static class ProvidersReader
{
    /// <summary>Bounds of <c>maxConnections</c>.</summary>
    public static readonly NumberBounds MaxConnections = new(1, 100_000);

    /// <summary>In the order of <see cref="Dialect"/>.</summary>
    private static readonly string[] Dialects = ["openai", "azure", "anthropic", "gemini"];

    private const string Example = "\"providers\": { \"openai\": { \"baseUrl\": \"https://api.openai.com/v1\", \"apiKey\": \"env:OPENAI_API_KEY\" } }";

    public static ProviderSet Read(JsonCursor root, JsonCursor? at)
    {
        var options = new Dictionary<string, ProviderOptions>(StringComparer.Ordinal);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (at is not { } here)
        {
            root.Field("providers").Error("there are no providers", $"add at least one: {Example}");
        }
        else if (here.AsMembers($"write {Example}") is { } members)
        {
            if (members.Count == 0)
            {
                here.Error("there are no providers", $"add at least one: {Example}");
            }

            foreach (var (name, value) in members)
            {
                NameRules.CheckProvider(name, value);
                names.Add(name);
                if (ReadOne(name, value) is { } provider)
                {
                    options[name] = provider;
                }
            }
        }

        return new(options.ToFrozenDictionary(StringComparer.Ordinal), names);
    }

    private static ProviderOptions? ReadOne(string name, JsonCursor at)
    {
        if (ObjectReader.Open(at, $"write {Example}") is not { } section)
        {
            return null;
        }

        var defaults = new ProviderOptions { Name = name, BaseUrl = new("http://unknown.invalid") };
        var dialect = ReadDialect(section.Field("dialect"));
        var baseUrl = section.Required("baseUrl", "add the URL up to and including the version, such as \"https://api.openai.com/v1\"") is { } url ? BaseUrlReader.Read(url) : null;
        var http2 = section.Bool("http2", defaults.Http2);
        var provider = defaults with
        {
            Dialect = dialect,
            ApiVersion = section.Field("apiVersion") is { } version ? ReadApiVersion(version, dialect) ?? defaults.ApiVersion : defaults.ApiVersion,
            BaseUrl = baseUrl ?? defaults.BaseUrl,
            ApiKey = section.Field("apiKey") is { } key ? SecretReader.Reference(key) : null,
            Credentials = CredentialsReader.Read(section.Field("credentials"), hasApiKey: section.Has("apiKey")),
            CredentialRetryAfter = section.Duration("credentialRetryAfter", defaults.CredentialRetryAfter, CredentialsReader.RetryAfter),
            Headers = HeadersReader.Read(section.Field("headers")),
            MaxConnections = (int)section.Whole("maxConnections", defaults.MaxConnections, MaxConnections),
            Http2 = http2,
            Egress = EgressReader.Read(section.Field("egress"), baseUrl, http2),
            RateLimits = RateLimitsReader.Read(section.Field("rateLimits")),
        };
        section.Close();
        return provider;
    }

    private static Dialect ReadDialect(JsonCursor? at)
    {
        if (at is not { } here || here.AsString("write \"openai\" (the default), \"azure\", \"anthropic\" or \"gemini\"") is not { } text)
        {
            return Dialect.OpenAi;
        }

        var index = Array.IndexOf(Dialects, text);
        if (index < 0)
        {
            here.UnknownName($"no dialect {SafeText.Show(text)}", "the dialects are", text, Dialects);
        }

        return (Dialect)Math.Max(0, index);
    }

    private static string? ReadApiVersion(JsonCursor at, Dialect dialect)
    {
        const string Fix = "write a version such as \"2024-10-21\": 1 to 32 letters, digits, '.' and '-'";
        if (at.AsString(Fix) is not { } text)
        {
            return null;
        }

        if (dialect != Dialect.Azure)
        {
            at.Error("only Azure has an api-version", "leave it out, or set \"dialect\": \"azure\"");
        }
        else if (text.Length is 0 or > 32 || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'))
        {
            at.Error($"{SafeText.Show(text)} is not an api-version", Fix);
        }

        return text;
    }
}
