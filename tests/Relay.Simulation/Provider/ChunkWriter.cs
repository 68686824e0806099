using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Relay.Simulation.Provider;

/// <summary>Writes a stream of chunks as its provider does.</summary>
/// <param name="asked">What was asked.</param>
/// <param name="quirks">How the provider writes.</param>
/// <param name="id">The answer's id.</param>
/// <param name="created">Unix seconds.</param>
/// <param name="rng">For pauses and obfuscation.</param>
internal sealed class ChunkWriter(Asked asked, Quirks quirks, string id, long created, Rng rng)
{
    private readonly Script _script = new();
    private readonly JavaScriptEncoder _encoder = quirks.EscapesAll ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private bool _first = true;

    /// <summary>What is said again, and what is new: for a request that goes on with an answer, not all of it.</summary>
    public required string From { get; init; }

    /// <summary>First token and gaps take so many times as long.</summary>
    public double Slowness { get; init; } = 1;

    /// <summary>What goes wrong.</summary>
    public FaultKind Fault { get; init; }

    /// <summary>The tokens that its usage reports, and that it wrote.</summary>
    public int Tokens { get; private set; }

    /// <summary>Writes it.</summary>
    public Script Write()
    {
        if (Fault != FaultKind.Empty)
        {
            if (quirks.RoleApart)
            {
                WriteChunk(0, "\"role\":\"assistant\",\"content\":\"\"", null, TimeSpan.Zero);
            }

            WriteDeltas();
        }

        if (Fault is not FaultKind.NoUsage && asked.IncludeUsage && !quirks.UsageWithFinish)
        {
            WriteEvent($"{Head()},\"choices\":[],\"usage\":{Usage()}}}", TimeSpan.Zero);
        }

        if (Fault is not (FaultKind.NoDone or FaultKind.NoDoneOpen))
        {
            WriteEvent("[DONE]", TimeSpan.Zero);
        }

        return _script;
    }

    /// <summary>The tokens of a prompt, as its usage reports them.</summary>
    public static int PromptTokens(Asked asked) => 7 + (asked.Question % 50);

    private void WriteDeltas()
    {
        var choices = asked.Shape == Shape.TwoChoices ? 2 : 1;
        var texts = Enumerable.Range(0, choices).Select(choice => choice == 0 ? From : asked.Text(choice)).ToArray();
        var places = new int[choices];
        for (var open = choices; open > 0;)
        {
            for (var choice = 0; choice < choices; choice++)
            {
                var (text, place) = (texts[choice], places[choice]);
                if (place > text.Length)
                {
                    continue;
                }

                var length = PieceAt(text, place);
                var isLast = place + length == text.Length;
                WriteText(choice, text.AsSpan(place, length), isLast, isLast && open == 1);

                // Past the end: this choice is through.
                places[choice] = isLast ? text.Length + 1 : place + length;
                open -= isLast ? 1 : 0;
            }
        }
    }

    private void WriteText(int choice, ReadOnlySpan<char> text, bool isLast, bool isEnd)
    {
        Tokens++;
        var json = JsonEncodedText.Encode(text, _encoder).ToString();
        var role = _first && !quirks.RoleApart ? "\"role\":\"assistant\"," : "";
        var call = _first ? ",\"id\":\"call_1\",\"type\":\"function\"" : "";
        var name = _first ? "\"name\":\"f\"," : "";
        var delta = asked.Shape == Shape.Tool
            ? $"{role}\"tool_calls\":[{{\"index\":0{call},\"function\":{{{name}\"arguments\":\"{json}\"}}}}]"
            : $"{role}\"content\":\"{json}\"";
        var finish = asked.Shape == Shape.Tool ? "tool_calls" : "stop";
        var finishes = isLast && Fault != FaultKind.NoFinish;
        var wait = rng.About((_first ? quirks.FirstToken : quirks.Gap) * Slowness);
        _first = false;
        WriteChunk(choice, delta, finishes && quirks.FinishWithText ? finish : null, wait, isEnd);
        if (finishes && !quirks.FinishWithText)
        {
            WriteChunk(choice, "", finish, TimeSpan.Zero, isEnd);
        }

        if (quirks.Comments && rng.Chance(0.3))
        {
            Put($": still here{quirks.LineEnd}{quirks.LineEnd}");
            _script.Part(TimeSpan.Zero);
        }

        if (Fault == FaultKind.BrokenEvents && rng.Chance(0.3))
        {
            WriteEvent("{\"id\":\"" + id + "\",\"choices\":[{\"delta\":{\"content\":\"lost", TimeSpan.Zero);
        }
    }

    private void WriteChunk(int choice, string delta, string? finish, TimeSpan wait, bool isEnd = false)
    {
        var reason = finish is null ? "null" : $"\"{finish}\"";
        var usage = isEnd && finish is not null && quirks.UsageWithFinish && asked.IncludeUsage && Fault != FaultKind.NoUsage ? $",\"usage\":{Usage()}" : "";
        var noise = quirks.Obfuscates ? $",\"obfuscation\":\"{new string('x', rng.Below(9))}\"" : "";
        WriteEvent(string.Create(CultureInfo.InvariantCulture, $"{Head()},\"choices\":[{{\"index\":{choice},\"delta\":{{{delta}}},\"finish_reason\":{reason}}}]{usage}{noise}}}"), wait);
    }

    private void WriteEvent(string data, TimeSpan wait)
    {
        Put($"data: {data}{quirks.LineEnd}{quirks.LineEnd}");
        _script.Part(wait);
    }

    private void Put(string text) => Encoding.UTF8.GetBytes(text, _script.Writer);

    private string Head() => string.Create(
        CultureInfo.InvariantCulture, $"{{\"id\":\"{id}\",\"object\":\"chat.completion.chunk\",\"created\":{created},\"model\":\"{asked.Model}\"");

    private string Usage() => string.Create(
        CultureInfo.InvariantCulture, $"{{\"prompt_tokens\":{PromptTokens(asked)},\"completion_tokens\":{Tokens},\"total_tokens\":{PromptTokens(asked) + Tokens}}}");

    private int PieceAt(string text, int place)
    {
        var length = Math.Min(quirks.PieceLength, text.Length - place);
        return place + length < text.Length && char.IsLowSurrogate(text[place + length]) ? length + 1 : length;
    }
}
