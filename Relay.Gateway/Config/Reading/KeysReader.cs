using System.Buffers;
using System.Collections.Immutable;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>keys</c>.</summary>
internal static class KeysReader
{
    /// <summary>Bounds of <c>requestsPerMinute</c>.</summary>
    public static readonly NumberBounds Rate = new(1, 10_000_000);

    private const string Sha256Prefix = "sha256:";
    private const int Sha256Bytes = 32;
    private const string Example = "[ { \"name\": \"app\", \"key\": \"env:RELAY_KEY\" } ]";

    public static ImmutableArray<KeyOptions> Read(List<JsonCursor>? items, ModelSet models)
    {
        var keys = ImmutableArray.CreateBuilder<KeyOptions>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in items ?? [])
        {
            if (ObjectReader.Open(item, $"write {Example}") is not { } section)
            {
                continue;
            }

            var name = Name(section, names);
            var digest = Digest(section, digests);
            var allowed = Models(section.Field("models"), models);
            var rate = section.Field("requestsPerMinute") is { } at ? (int?)ObjectReader.Decimal(at, Rate, isWhole: true, "no limit") : null;
            var overrides = OverridesReader.Read(section.Field("overrides"));
            section.Close();
            keys.Add(new() { Name = name ?? "", Sha256 = digest ?? [], Models = allowed, RequestsPerMinute = rate, Overrides = overrides });
        }

        return keys.ToImmutable();
    }

    /// <summary>The elements of the section; null when it is left out or no list.</summary>
    public static List<JsonCursor>? Items(JsonCursor? at) => at?.AsList($"write {Example}");

    private static string? Name(ObjectReader section, Dictionary<string, string> taken)
    {
        const string Fix = "add a name for records and stats, such as \"name\": \"app\"";
        if (section.Required("name", Fix) is not { } at || at.AsString(Fix) is not { } name || !NameRules.Check(name, "key's name", at))
        {
            return null;
        }

        if (!taken.TryAdd(name, at.Path))
        {
            at.Error($"the name {SafeText.Show(name)} is already at {taken[name]}", "give each key a name of its own");
        }

        return name;
    }

    private static ImmutableArray<byte>? Digest(ObjectReader section, Dictionary<string, string> taken)
    {
        const string Sha256Form = ", or \"sha256:\" and 64 hexadecimal digits";
        if (section.Required("key", $"add \"key\": \"env:NAME\", \"file:PATH\" or \"{Sha256Prefix}HEX\"") is not { } at)
        {
            return null;
        }

        var isDigest = at.Kind == System.Text.Json.JsonValueKind.String && at.AsString("")!.StartsWith(Sha256Prefix, StringComparison.Ordinal);
        var digest = isDigest ? FromHex(at) : SecretReader.Reference(at, Sha256Form)?.Sha256();
        if (digest is null)
        {
            return null;
        }

        if (!taken.TryAdd(Convert.ToHexString(digest), at.Path))
        {
            at.Error($"is the same key as {taken[Convert.ToHexString(digest)]}", "give each client a key of its own, or remove one of the two");
        }

        return [.. digest];
    }

    private static byte[]? FromHex(JsonCursor at)
    {
        var hex = at.AsString("")![Sha256Prefix.Length..];
        var digest = new byte[Sha256Bytes];
        if (hex.Length == 2 * Sha256Bytes && Convert.FromHexString(hex, digest, out _, out _) == OperationStatus.Done)
        {
            return digest;
        }

        at.Error("what follows sha256: is not a SHA-256 digest", "write 64 hexadecimal digits: printf %s \"$KEY\" | sha256sum");
        return null;
    }

    private static ImmutableArray<string> Models(JsonCursor? at, ModelSet models)
    {
        if (at is not { } here || here.AsList("write a list of model names, or leave it out to allow all") is not { } items)
        {
            return [];
        }

        if (items.Count == 0)
        {
            here.Error("the list is empty, which would not say whether all models are meant or none", "leave it out to allow all, or name models");
        }

        var allowed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item.AsString("write the name of a model") is not { } name)
            {
                continue;
            }

            if (!allowed.Add(name))
            {
                item.Error($"the model {SafeText.Show(name)} is there more than once", "keep one of them");
            }
            else if (models.Names.Count == 0)
            {
                item.Error($"no model {SafeText.Show(name)}", "add it under $.models; none is configured");
            }
            else if (!models.Has(name))
            {
                item.UnknownName($"no model {SafeText.Show(name)}", "configured are", name, models.Names);
            }
        }

        return [.. allowed];
    }
}
