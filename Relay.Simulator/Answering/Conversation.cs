using System.Text.Json;

namespace Relay.Simulator;

/// <summary>What the answer needs to know of a request's messages.</summary>
internal sealed record Conversation(string FirstUser, string LastUser, string LastRole, string? PartialAnswer, int Words)
{
    /// <summary>True when the last message is the assistant's: a prefill.</summary>
    public bool Prefill => LastRole == "assistant";

    public static Conversation Of(JsonElement root)
    {
        if (root.Optional("messages") is not { } messages)
        {
            throw new ApiErrorException(ApiError.Missing("messages"));
        }

        if (messages.ValueKind != JsonValueKind.Array)
        {
            throw new ApiErrorException(ApiError.WrongType("messages", "an array of objects"));
        }

        if (messages.GetArrayLength() == 0)
        {
            throw new ApiErrorException(ApiError.Invalid("Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages", "empty_array"));
        }

        string? firstUser = null;
        (string Role, string Text) last = ("", ""), previous = ("", ""), lastUser = ("", "");
        var words = 0;
        foreach (var message in messages.EnumerateArray())
        {
            previous = last;
            last = Read(message);
            words += CountWords(last.Text);
            if (last.Role == "user")
            {
                firstUser ??= last.Text;
                lastUser = last;
            }
        }

        return new Conversation(firstUser ?? "", lastUser.Text, last.Role, Partial(previous, last), words);
    }

    // Either the assistant's message is last, or a user's "continue" stands after it.
    private static string? Partial((string Role, string Text) previous, (string Role, string Text) last) =>
        last.Role == "assistant" ? last.Text
        : last.Role == "user" && previous.Role == "assistant" && last.Text.Contains("continue", StringComparison.OrdinalIgnoreCase) ? previous.Text
        : null;

    private static (string Role, string Text) Read(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw new ApiErrorException(ApiError.WrongType("messages", "an array of objects"));
        }

        if (message.OptionalString("role") is not { } role)
        {
            throw new ApiErrorException(ApiError.Missing("messages[].role"));
        }

        return (role, message.Optional("content") is { } content ? TextOf(content) : "");
    }

    private static string TextOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(PartText)),
        _ => throw new ApiErrorException(ApiError.WrongType("messages[].content", "a string or an array of objects")),
    };

    private static string PartText(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text"u8, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static int CountWords(string text)
    {
        var words = 0;
        foreach (var range in text.AsSpan().SplitAny(" \t\r\n"))
        {
            words += range.End.Value > range.Start.Value ? 1 : 0;
        }

        return words;
    }
}
