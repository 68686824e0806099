using System.Collections.Immutable;
using System.Globalization;
using Relay.Core.Credentials;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads a provider's <c>credentials</c>.</summary>
internal static class CredentialsReader
{
    /// <summary>Bounds of <c>weight</c>.</summary>
    public static readonly NumberBounds Weight = new(0, SmoothOrder.MaxWeight);

    /// <summary>Bounds of <c>credentialRetryAfter</c>.</summary>
    public static readonly DurationBounds RetryAfter = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));

    private const string Example = "[ { \"name\": \"a\", \"apiKey\": \"env:NAME\" }, { \"name\": \"b\", \"apiKey\": \"file:PATH\", \"weight\": 2 } ]";

    /// <summary>Reads the list.</summary>
    /// <param name="at">The list; null when it is left out.</param>
    /// <param name="hasApiKey">The provider has an apiKey as well, which is an error.</param>
    public static ImmutableArray<CredentialOptions> Read(JsonCursor? at, bool hasApiKey)
    {
        if (at is not { } here || here.AsList($"write {Example}") is not { } items)
        {
            return [];
        }

        if (hasApiKey)
        {
            here.Error("the provider has an apiKey too", "move it into the list, or leave the list out");
        }

        if (items.Count is 0 or > SmoothOrder.MaxCount)
        {
            here.Error(
                items.Count == 0 ? "there are no credentials" : $"there are {items.Count} credentials",
                $"give a provider from 1 to {SmoothOrder.MaxCount}, such as {Example}; or leave the list out");
        }

        var credentials = ImmutableArray.CreateBuilder<CredentialOptions>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var secrets = new Dictionary<Secret, string>();
        foreach (var item in items.Take(SmoothOrder.MaxCount))
        {
            if (ReadOne(item, credentials.Count, names, secrets) is { } credential)
            {
                credentials.Add(credential);
            }
        }

        return credentials.ToImmutable();
    }

    private static CredentialOptions? ReadOne(JsonCursor at, int index, Dictionary<string, string> names, Dictionary<Secret, string> secrets)
    {
        if (ObjectReader.Open(at, $"write {Example}") is not { } section)
        {
            return null;
        }

        var name = section.Field("name") is { } named ? Name(named) : index.ToString(CultureInfo.InvariantCulture);
        var key = section.Required("apiKey", "add \"apiKey\": \"env:NAME\" or \"file:PATH\"") is { } secret ? SecretReader.Reference(secret) : null;
        var weight = (int)section.Whole("weight", 1, Weight);
        section.Close();
        if (name is not null && !names.TryAdd(name, at.Path))
        {
            at.Field("name").Error($"the name {SafeText.Show(name)} is already at {names[name]}", "give each credential a name of its own; one without a name is named by its place, from 0");
        }

        if (key is not null && !secrets.TryAdd(key, at.Path))
        {
            at.Field("apiKey").Error($"is the same credential as {secrets[key]}", "remove one of the two; for a larger share give it a weight");
        }

        return name is null || key is null ? null : new() { Name = name, ApiKey = key, Weight = weight };
    }

    private static string? Name(JsonCursor at)
    {
        const string Fix = "name it with letters, digits, '.', '_' and '-', at most 64 of them, for example 'main'";
        if (at.AsString(Fix) is not { } name)
        {
            return null;
        }

        if (NameRules.IsPlain(name))
        {
            return name;
        }

        at.Error("the credential's name is empty, too long or has other characters than a name may have", Fix);
        return null;
    }
}
