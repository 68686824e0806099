using System.Text;

namespace Relay.Gateway.Tests.Kit;

/// <summary>A naive parser of whole event streams, written from the WHATWG HTML standard, sections 9.2.5 and 9.2.6, and from nothing else.</summary>
internal static class ReferenceSse
{
    /// <summary>The data of every event that a browser would dispatch.</summary>
    public static List<string> Parse(byte[] stream)
    {
        var text = Encoding.UTF8.GetString(stream);
        if (text.StartsWith('\uFEFF'))
        {
            text = text[1..];
        }

        var events = new List<string>();
        var data = "";
        foreach (var line in Lines(text))
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                {
                    events.Add(data[..^1]);
                }

                data = "";
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            if (value.StartsWith(' '))
            {
                value = value[1..];
            }

            if (field == "data")
            {
                data += value + "\n";
            }
        }

        return events;
    }

    /// <summary>Lines that have their end; an unfinished last one is dropped, as the standard drops what no blank line ends.</summary>
    private static IEnumerable<string> Lines(string text)
    {
        var line = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\r' or '\n'))
            {
                line.Append(text[i]);
                continue;
            }

            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                i++;
            }

            yield return line.ToString();
            line.Clear();
        }
    }
}
