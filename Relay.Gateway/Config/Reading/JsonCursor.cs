using System.Text.Json;

namespace Relay.Gateway.Config.Reading;

/// <summary>A value of the file and the path to it. Reading a value of the wrong type reports that and gives null.</summary>
internal readonly struct JsonCursor(JsonElement element, string path, ReadContext context)
{
    public string Path => path;

    public ReadContext Context => context;

    public JsonValueKind Kind => element.ValueKind;

    /// <summary>A number as it is written; only for numbers.</summary>
    public string RawNumber => element.GetRawText();

    /// <summary>The value as it is written.</summary>
    public string RawJson => element.GetRawText();

    /// <summary>A number, or null when a decimal cannot hold it; only for numbers.</summary>
    public decimal? AsDecimal() => element.TryGetDecimal(out var value) ? value : null;

    public void Error(string message, string fix) => context.Errors.Add(path, message, fix);

    /// <summary>An error about a name that is not among those there are.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="intro">What the names are: <c>configured are</c>.</param>
    /// <param name="name">The name.</param>
    /// <param name="choices">The names that there are, at least one.</param>
    public void UnknownName(string message, string intro, string name, IReadOnlyCollection<string> choices) =>
        Error(message, context.Errors.IsFull ? intro : Suggestion.Among(intro, name, choices));

    public void WrongType(string expected, string fix) => Error($"must be {expected}, but is {NameOf(Kind)}", fix);

    /// <summary>The value under a name, which need not be there: for errors about it.</summary>
    public JsonCursor Field(string name, JsonElement value = default) => new(value, path + SafeText.PathStep(name), context);

    public string? AsString(string fix)
    {
        if (Kind == JsonValueKind.String)
        {
            return element.GetString();
        }

        WrongType("a string", fix);
        return null;
    }

    public bool? AsBool()
    {
        if (Kind is JsonValueKind.True or JsonValueKind.False)
        {
            return Kind == JsonValueKind.True;
        }

        WrongType("true or false", "write true or false, without quotes");
        return null;
    }

    /// <summary>The elements of a list; null when it is not one.</summary>
    public List<JsonCursor>? AsList(string fix)
    {
        if (Kind != JsonValueKind.Array)
        {
            WrongType("a list", fix);
            return null;
        }

        var items = new List<JsonCursor>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
        {
            items.Add(new(item, $"{path}[{items.Count}]", context));
        }

        return items;
    }

    /// <summary>The members of an object in the file's order; reports names that are there twice. Null when it is not an object.</summary>
    public List<(string Name, JsonCursor Value)>? AsMembers(string fix)
    {
        if (Kind != JsonValueKind.Object)
        {
            WrongType("an object", fix);
            return null;
        }

        var members = new List<(string, JsonCursor)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            var at = Field(property.Name, property.Value);
            if (seen.Add(property.Name))
            {
                members.Add((property.Name, at));
            }
            else
            {
                at.Error("is there more than once in the same object", "keep one of them");
            }
        }

        return members;
    }

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
