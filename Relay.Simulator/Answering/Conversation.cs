namespace Relay.Simulator;

/// <summary>Who says a message. A dialect's other roles, such as developer, are <see cref="System"/>.</summary>
internal enum ConversationRole
{
    None,
    System,
    User,
    Assistant,
    Tool,
}

/// <summary>What the answer needs to know of a request's messages.</summary>
/// <param name="FirstUser">The text of the first user message.</param>
/// <param name="LastUser">The text of the last user message.</param>
/// <param name="LastRole">Who spoke last.</param>
/// <param name="PartialAnswer">The answer so far, where the request asks to go on with it.</param>
/// <param name="Words">Words of all messages.</param>
internal sealed record Conversation(string FirstUser, string LastUser, ConversationRole LastRole, string? PartialAnswer, int Words)
{
    /// <summary>True when the last message is the assistant's: a prefill.</summary>
    public bool Prefill => LastRole == ConversationRole.Assistant;
}

/// <summary>Takes a request's messages one by one.</summary>
internal struct ConversationBuilder
{
    private string? _firstUser;
    private string? _lastUser;
    private (ConversationRole Role, string Text) _last;
    private (ConversationRole Role, string Text) _previous;
    private int _words;

    public void Add(ConversationRole role, string text)
    {
        _previous = _last;
        _last = (role, text);
        _words += CountWords(text);
        if (role == ConversationRole.User)
        {
            _firstUser ??= text;
            _lastUser = text;
        }
    }

    public readonly Conversation Build() => new(_firstUser ?? "", _lastUser ?? "", _last.Role, Partial, _words);

    // Either the assistant's message is last, or a user's "continue" stands after it.
    private readonly string? Partial =>
        _last.Role == ConversationRole.Assistant ? _last.Text
        : _last.Role == ConversationRole.User && _previous.Role == ConversationRole.Assistant && _last.Text.Contains("continue", StringComparison.OrdinalIgnoreCase) ? _previous.Text
        : null;

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
