using System.Buffers;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Ids of tool calls: Anthropic takes letters, digits, underscore and hyphen. Anything else becomes an underscore, the same way in call and result.</summary>
internal static class ToolIds
{
    private static readonly SearchValues<byte> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);

    /// <summary>Writes an id.</summary>
    /// <param name="to">The writer.</param>
    /// <param name="name">The field.</param>
    /// <param name="id">The inside of the JSON string.</param>
    public static void Write(Utf8JsonWriter to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> id) => to.WriteString(name, Mend(id));

    /// <summary>The id as Anthropic takes it.</summary>
    public static ReadOnlySpan<byte> Mend(ReadOnlySpan<byte> id)
    {
        if (id.IndexOfAnyExcept(Allowed) < 0)
        {
            return id;
        }

        var mended = id.ToArray();
        foreach (ref var letter in mended.AsSpan())
        {
            letter = Allowed.Contains(letter) ? letter : (byte)'_';
        }

        return mended;
    }
}
