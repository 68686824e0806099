namespace Relay.Simulator;

/// <summary>Holds tool uses and tool results together: every use has its result in the next turn, every result its use in the turn before. Messages of one role in a row are one turn.</summary>
internal sealed class ToolPairs
{
    private readonly HashSet<string> _open = [];
    private readonly HashSet<string> _answered = [];
    private readonly HashSet<string> _used = [];
    private ConversationRole _role;
    private int _usedAt;
    private int _openedAt;

    /// <summary>A message begins.</summary>
    public void Turn(ConversationRole role, int index)
    {
        if (role == ConversationRole.Assistant)
        {
            if (_role == ConversationRole.User)
            {
                CheckAnswered();
            }

            _usedAt = index;
        }
        else if (_role == ConversationRole.Assistant)
        {
            _open.Clear();
            _answered.Clear();
            _open.UnionWith(_used);
            _openedAt = _usedAt;
            _used.Clear();
        }

        _role = role;
    }

    public void Use(string id)
    {
        if (!_used.Add(id))
        {
            throw AnthropicRequest.Invalid("messages: `tool_use` ids must be unique");
        }
    }

    public void Result(string id, string path)
    {
        if (!_open.Contains(id))
        {
            throw AnthropicRequest.Invalid($"{path}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
        }

        if (!_answered.Add(id))
        {
            throw AnthropicRequest.Invalid($"{path}: each tool_use must have a single result. Found multiple `tool_result` blocks with id: {id}");
        }
    }

    /// <summary>A result stands behind something else in its message.</summary>
    public void ThrowNotFirst() => throw Unanswered(_open, _openedAt);

    public void End()
    {
        if (_used.Count > 0)
        {
            throw Unanswered(_used, _usedAt);
        }

        if (_role == ConversationRole.User)
        {
            CheckAnswered();
        }
    }

    private void CheckAnswered()
    {
        if (_answered.Count < _open.Count)
        {
            throw Unanswered(_open.Except(_answered), _openedAt);
        }

        _open.Clear();
        _answered.Clear();
    }

    private static ApiErrorException Unanswered(IEnumerable<string> ids, int message) => AnthropicRequest.Invalid(
        $"messages.{message}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", ids)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
}
