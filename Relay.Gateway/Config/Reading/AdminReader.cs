using System.Collections.Immutable;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>admin</c>.</summary>
internal static class AdminReader
{
    /// <summary>The fewest characters of the token: it must not be guessed.</summary>
    public const int MinTokenLength = 16;

    /// <summary>Reads the section.</summary>
    /// <param name="at">The section; null when it is left out.</param>
    /// <param name="keys">The clients' keys, none of which may be the token.</param>
    public static AdminOptions Read(JsonCursor? at, ImmutableArray<KeyOptions> keys)
    {
        if (at is not { } here || ObjectReader.Open(here, "write { \"token\": \"env:RELAY_ADMIN_TOKEN\" }") is not { } section)
        {
            return new();
        }

        var digest = section.Field("token") is { } token ? Digest(token, keys) : null;
        section.Close();
        return new() { TokenSha256 = digest };
    }

    private static ImmutableArray<byte>? Digest(JsonCursor at, ImmutableArray<KeyOptions> keys)
    {
        if (SecretReader.Reference(at) is not { } token)
        {
            return null;
        }

        if (token.Reveal().Length < MinTokenLength)
        {
            at.Error($"the token is shorter than {MinTokenLength} characters", "use a random one: openssl rand -hex 24");
            return null;
        }

        ImmutableArray<byte> digest = [.. token.Sha256()];
        if (keys.Any(key => key.Sha256.AsSpan().SequenceEqual(digest.AsSpan())))
        {
            at.Error("the token is the key of a client as well", "give it a value of its own: openssl rand -hex 24");
        }

        return digest;
    }
}
