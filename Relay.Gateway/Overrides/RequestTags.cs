using System.Collections.Immutable;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Overrides;

/// <summary>Reads <c>x-relay-tags</c>. Tags are the client's words: they go into records and the request's log line, never into labels.</summary>
internal static class RequestTags
{
    /// <summary>The most tags of one request.</summary>
    public const int Max = 8;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxName = 32;

    /// <summary>The longest value, in characters.</summary>
    public const int MaxValue = 64;

    private static readonly string Form =
        $"Write {RequestOverrides.TagsHeader}: team=a,job=b with at most {Max} tags: names of 1 to {MaxName} letters, digits, '.', '_' and '-', values of 1 to {MaxValue} of these or any of : / @ + ~";

    public static RelayError? Read(string? text, ref ImmutableArray<KeyValuePair<string, string>> tags)
    {
        if (text is null)
        {
            return null;
        }

        var items = text.Split(',', Max + 2);
        if (items.Length > Max)
        {
            return RequestOverrides.Invalid(RequestOverrides.TagsHeader, $"There are more than {Max} tags. {Form}.");
        }

        var read = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(items.Length);
        foreach (var item in items)
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? ("", "") : (item[..equals].Trim(), item[(equals + 1)..].Trim());
            if (!IsName(name, MaxName, "") || !IsName(value, MaxValue, ":/@+~"))
            {
                return RequestOverrides.Invalid(RequestOverrides.TagsHeader, $"Tag {read.Count + 1} is not a name and its value. {Form}.");
            }

            if (read.Any(tag => tag.Key == name))
            {
                return RequestOverrides.Invalid(RequestOverrides.TagsHeader, $"The tag '{name}' is there twice. Send each once.");
            }

            read.Add(new(name, value));
        }

        tags = read.ToImmutable();
        return null;
    }

    private static bool IsName(string text, int max, string more) =>
        text.Length > 0 && text.Length <= max && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' || more.Contains(c, StringComparison.Ordinal));
}
