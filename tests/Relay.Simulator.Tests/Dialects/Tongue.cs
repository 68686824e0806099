using System.Text;
using System.Text.Json;

namespace Relay.Simulator.Tests.Dialects;

/// <summary>One message of a conversation: user or assistant, and what it says.</summary>
internal readonly record struct Turn(string Role, string Text)
{
    public static Turn User(string text) => new("user", text);

    public static Turn Assistant(string text) => new("assistant", text);
}

/// <summary>A dialect from the client's side: writes requests, reads what comes back. Apart from the simulator's own, so that both can be wrong on their own.</summary>
internal abstract class Tongue
{
    public static readonly string[] Names = ["openai", "azure", "anthropic", "gemini", "gemini-array"];

    protected const string Schema = """{"type":"object","properties":{"city":{"type":"string"}}}""";

    public static TheoryData<string> All => [.. Names];

    /// <summary>The field that asks for eight tokens at most, at the top of the request.</summary>
    public abstract string MaxEight { get; }

    /// <summary>The field that ends the answer before a text.</summary>
    public abstract string Stop(string text);

    /// <summary>The fields that offer tools without parameters.</summary>
    public abstract string Tools(params string[] names);

    /// <summary>Finish reasons: whole, too long, tools called, safety.</summary>
    public abstract (string Whole, string Length, string Tools, string Refusal) Finishes { get; }

    public virtual bool HasEndMark => true;

    public static Tongue Of(string name) => name switch
    {
        "openai" => new OpenAiTongue(azure: false),
        "azure" => new OpenAiTongue(azure: true),
        "anthropic" => new AnthropicTongue(),
        "gemini" => new GeminiTongue(array: false),
        _ => new GeminiTongue(array: true),
    };

    public HttpRequestMessage Request(bool stream, string extra = "", string message = "hello there", string model = "sim-model") =>
        Request(stream, [Turn.User(message)], extra, model);

    public HttpRequestMessage Request(bool stream, Turn[] turns, string extra = "", string model = "sim-model")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path(stream, model))
        {
            Content = new StringContent("{" + Body(stream, turns, model) + (extra.Length > 0 ? "," + extra : "") + "}", Encoding.UTF8, "application/json"),
        };
        AddHeaders(request);
        return request;
    }

    /// <summary>Reads a whole answer.</summary>
    public Seen ReadPlain(JsonElement answer)
    {
        var seen = new Seen();
        Absorb(seen, answer, plain: true);
        return seen;
    }

    /// <summary>Reads a stream to its end, or to where it breaks.</summary>
    public async Task<Seen> ReadStreamAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var seen = new Seen();
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                seen.Longest = Math.Max(seen.Longest, line.Length);
                Line(seen, line);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            seen.Broken = e;
        }

        return seen;
    }

    /// <summary>An error body's type and message.</summary>
    public virtual (string? Type, string? Message) ErrorOf(JsonElement body)
    {
        var error = body.GetProperty("error");
        return (error.GetProperty("type").GetString(), error.GetProperty("message").GetString());
    }

    protected abstract string Path(bool stream, string model);

    protected abstract string Body(bool stream, Turn[] turns, string model);

    protected abstract void Absorb(Seen seen, JsonElement json, bool plain);

    protected virtual void AddHeaders(HttpRequestMessage request)
    {
    }

    protected virtual void Line(Seen seen, string line)
    {
        if (line.StartsWith("data: ", StringComparison.Ordinal))
        {
            Event(seen, line["data: ".Length..]);
        }
        else if (line.StartsWith('{'))
        {
            seen.Bare.Add(line);
        }
    }

    protected void Event(Seen seen, string data)
    {
        if (data == "[DONE]")
        {
            seen.EndMark = true;
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(data);
            seen.Events.Add(data);
            Absorb(seen, json.RootElement, plain: false);
        }
        catch (JsonException)
        {
            seen.Malformed++;
        }
    }

    protected static string Quote(string text) => JsonSerializer.Serialize(text);
}

/// <summary>What came of an answer.</summary>
internal sealed class Seen
{
    public string Text { get; set; } = "";

    /// <summary>Events that brought text.</summary>
    public int Words { get; set; }

    public string Thinking { get; set; } = "";

    public List<(string Name, string Arguments)> Calls { get; } = [];

    public string? Finish { get; set; }

    public bool EndMark { get; set; }

    public (string? Type, string? Message)? Error { get; set; }

    public int? InputTokens { get; set; }

    public int? OutputTokens { get; set; }

    public int Malformed { get; set; }

    public int Longest { get; set; }

    public List<string> Events { get; } = [];

    /// <summary>Lines of JSON without framing.</summary>
    public List<string> Bare { get; } = [];

    public Exception? Broken { get; set; }

    public void AddText(string? text)
    {
        Text += text;
        Words += string.IsNullOrEmpty(text) ? 0 : 1;
    }

    public void AddCall(int index, string? name, string? arguments)
    {
        while (Calls.Count <= index)
        {
            Calls.Add(("", ""));
        }

        Calls[index] = (Calls[index].Name + name, Calls[index].Arguments + arguments);
    }
}
