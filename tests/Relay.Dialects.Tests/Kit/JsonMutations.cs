using System.Text;
using System.Text.Json.Nodes;

namespace Relay.Dialects.Tests.Kit;

/// <summary>Makes wrong documents from a right one.</summary>
internal static class JsonMutations
{
    private const string Mark = "@@here@@";

    /// <summary>What may stand where something else is wanted. The last ones are valid JSON that cannot be decoded, too large, or too deep for some readers.</summary>
    private static readonly string[] Pieces =
    [
        "null", "true", "false", "0", "-1", "1.5", "99999999999999999999", "1e400", "\"\"", "\"x\"", "\"none\"", "[]", "{}", "[null]", "[{}]", "[[]]", "{\"type\":\"x\"}",
        "{\"type\":\"text\",\"text\":7}", "\"\\ud800\"", "{\"\\ud800\":1}", string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100)),
    ];

    /// <summary>The document with each of its values replaced by each piece, and with each left out.</summary>
    public static IEnumerable<byte[]> EachValueReplaced(JsonNode root)
    {
        for (var at = 0; Marked(root, at) is { } text; at++)
        {
            foreach (var piece in Pieces)
            {
                yield return Encoding.UTF8.GetBytes(text.Replace($"\"{Mark}\"", piece, StringComparison.Ordinal));
            }
        }
    }

    /// <summary>The document with bytes inserted, overwritten and cut out at random places.</summary>
    public static IEnumerable<byte[]> RandomBytes(byte[] valid, int seed, int count)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var bytes = valid.ToList();
            for (var edits = random.Next(1, 5); edits > 0 && bytes.Count > 0; edits--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                        break;
                    case 2:
                        bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 20)));
                        break;
                    default:
                        bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 0).Concat(bytes.Skip(random.Next(bytes.Count)).Take(random.Next(30))).ToArray());
                        break;
                }
            }

            yield return [.. bytes];
        }
    }

    private static string? Marked(JsonNode root, int at)
    {
        var copy = root.DeepClone();
        var seen = 0;
        return Mark_(copy) ? copy.ToJsonString() : null;

        bool Mark_(JsonNode node)
        {
            var children = node is JsonObject members ? members.Select(m => (object)m.Key).ToArray() : Enumerable.Range(0, (node as JsonArray)?.Count ?? 0).Cast<object>().ToArray();
            foreach (var child in children)
            {
                if (seen++ == at)
                {
                    if (child is string name)
                    {
                        node[name] = Mark;
                    }
                    else
                    {
                        node[(int)child] = Mark;
                    }

                    return true;
                }

                var next = child is string key ? node[key] : node[(int)child];
                if (next is JsonObject or JsonArray && Mark_(next))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
