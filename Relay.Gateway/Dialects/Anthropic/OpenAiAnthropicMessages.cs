using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>
/// Writes system and messages. Anthropic has two sides that take turns: system messages go to the front, consecutive messages of one side
/// become one, and the results of tools come first in the turn of the user.
/// </summary>
internal sealed class OpenAiAnthropicMessages(Utf8JsonWriter to, RequestReport report)
{
    /// <summary>Stands for the user's turn where there is none: Anthropic wants the user to begin, with text.</summary>
    private static ReadOnlySpan<byte> NoMessage => "(no message)"u8;

    private readonly OpenAiAnthropicContent _content = new(to, report);
    private readonly List<JsonElement> _openCalls = [];
    private Side _open;
    private bool _loopHasThinking;
    private bool _loopHasCalls;
    private bool _callWithoutThinking;
    private bool _endsWithAssistant;
    private int _last;

    private enum Side
    {
        None,
        System,
        User,
        Tool,
        Assistant,
    }

    /// <summary>The names of the tools that were called in the conversation.</summary>
    public List<JsonElement> CalledTools { get; } = [];

    /// <summary>
    /// False when Anthropic would refuse thinking: the answer goes on from the assistant's own words, or from calls of tools before which it
    /// did not think (as when another model made them).
    /// </summary>
    public bool CanThink => !_endsWithAssistant && !_callWithoutThinking;

    /// <summary>Writes both fields.</summary>
    /// <param name="messages">The value of messages.</param>
    /// <param name="instruction">A further line for system, or empty.</param>
    public void Write(JsonElement messages, ReadOnlySpan<byte> instruction)
    {
        if (messages.ValueKind != JsonValueKind.Array)
        {
            report.Refuse("messages", "must be an array of messages.");
            return;
        }

        JsonElement[] all = [.. messages.EnumerateArray()];
        var sides = new Side[all.Length];
        for (var i = 0; i < all.Length; i++)
        {
            sides[i] = SideOf(all[i], new Place("messages", i));
        }

        _last = all.Length - 1;
        while (_last >= 0 && (sides[_last] == Side.System || (sides[_last] == Side.Assistant && !OpenAiAnthropicAssistant.SaysAnything(all[_last]))))
        {
            _last--;
        }

        var hasSystem = WriteSystem(all, sides, instruction);
        to.WriteStartArray("messages"u8);
        WriteTurns(all, sides);
        if (_open == Side.None && hasSystem)
        {
            WriteNoMessage();
        }
        else if (_open == Side.None)
        {
            report.Refuse("messages", "must hold at least one message with content.");
        }

        Close();
        to.WriteEndArray();
    }

    private bool WriteSystem(JsonElement[] all, Side[] sides, ReadOnlySpan<byte> instruction)
    {
        var any = false;
        for (var i = 0; i < all.Length; i++)
        {
            if (sides[i] == Side.System && OpenAiAnthropicContent.SaysSomething(all[i], out var content))
            {
                StartSystem(ref any);
                _content.WriteBlocks(content, all[i], new Place("messages", i), Parts.Text);
            }
        }

        if (!instruction.IsEmpty)
        {
            StartSystem(ref any);
            OpenAiAnthropicContent.WriteText(to, instruction);
        }

        if (any)
        {
            to.WriteEndArray();
        }

        return any;
    }

    private void StartSystem(ref bool any)
    {
        if (!any)
        {
            to.WriteStartArray("system"u8);
            any = true;
        }
    }

    private void WriteTurns(JsonElement[] all, Side[] sides)
    {
        for (var i = 0; i < all.Length;)
        {
            var end = i;
            var isAssistant = sides[i] == Side.Assistant;
            while (end < all.Length && (sides[end] == Side.System || (sides[end] == Side.Assistant) == isAssistant))
            {
                end++;
            }

            if (isAssistant)
            {
                _openCalls.Clear();
                ForEach(all, sides, i..end, Side.Assistant, WriteAssistant);
            }
            else
            {
                ForEach(all, sides, i..end, Side.Tool, WriteToolResult);
                ForEach(all, sides, i..end, Side.User, WriteUser);
            }

            i = end;
        }
    }

    private static void ForEach(JsonElement[] all, Side[] sides, Range range, Side side, Action<JsonElement, Place> write)
    {
        for (var i = range.Start.Value; i < range.End.Value; i++)
        {
            if (sides[i] == side)
            {
                write(all[i], new Place("messages", i));
            }
        }
    }

    private void WriteUser(JsonElement message, Place at)
    {
        DropName(message);
        (_loopHasThinking, _loopHasCalls, _callWithoutThinking, _endsWithAssistant) = (false, false, false, false);
        if (OpenAiAnthropicContent.SaysSomething(message, out var content))
        {
            Open(Side.User);
            _content.WriteBlocks(content, message, at, Parts.Text | Parts.Image | Parts.File);
        }
    }

    private void WriteToolResult(JsonElement message, Place at)
    {
        _endsWithAssistant = false;
        if (!message.TryGetText("tool_call_id"u8, out var id))
        {
            report.Refuse(at.Dot("tool_call_id"), "must be the id of the tool call that this is the result of.");
            return;
        }

        if (!IsOpenCall(id))
        {
            report.Refuse(at.Dot("tool_call_id"), "is not the id of a call in the assistant's message before.");
        }

        Open(Side.User);
        to.WriteStartObject();
        to.WriteString("type"u8, "tool_result"u8);
        ToolIds.Write(to, "tool_use_id"u8, id);
        if (OpenAiAnthropicContent.SaysSomething(message, out var content))
        {
            if (content.ValueKind == JsonValueKind.String)
            {
                to.WriteRaw("content"u8, content);
            }
            else
            {
                to.WriteStartArray("content"u8);
                _content.WriteBlocks(content, default, at, Parts.Text | Parts.Image);
                to.WriteEndArray();
            }
        }

        if (message.TryGet("is_error"u8, out var failed) && failed.ValueKind == JsonValueKind.True)
        {
            to.WriteBoolean("is_error"u8, true);
        }

        OpenAiAnthropicContent.WriteCacheControl(to, message);
        to.WriteEndObject();
    }

    private void WriteAssistant(JsonElement message, Place at)
    {
        DropName(message);
        _endsWithAssistant = true;
        var body = new OpenAiAnthropicAssistant(message, at, to, report, _content);
        body.Check();
        if (!body.SaysSomething)
        {
            return;
        }

        Open(Side.Assistant);
        _loopHasThinking |= body.WriteThinking();
        body.WriteContent(isLast: at.Index == _last);
        _loopHasCalls |= body.WriteCalls(CalledTools, _openCalls);
        _callWithoutThinking |= _loopHasCalls && !_loopHasThinking;
    }

    private bool IsOpenCall(ReadOnlySpan<byte> id)
    {
        foreach (var call in _openCalls)
        {
            if (call.Inner().SequenceEqual(id))
            {
                return true;
            }
        }

        return false;
    }

    private void DropName(JsonElement message)
    {
        if (message.TryGet("name"u8, out _))
        {
            report.Drop("messages.name");
        }
    }

    private void Open(Side side)
    {
        if (_open == side)
        {
            return;
        }

        if (_open == Side.None && side == Side.Assistant)
        {
            WriteNoMessage();
        }

        Close();
        _open = side;
        to.WriteStartObject();
        to.WriteString("role"u8, side == Side.User ? "user"u8 : "assistant"u8);
        to.WriteStartArray("content"u8);
    }

    private void WriteNoMessage()
    {
        Open(Side.User);
        OpenAiAnthropicContent.WriteText(to, NoMessage);
    }

    private void Close()
    {
        if (_open != Side.None)
        {
            to.WriteEndArray();
            to.WriteEndObject();
        }
    }

    private Side SideOf(JsonElement message, Place at)
    {
        if (!message.TryGet("role"u8, out var role))
        {
            report.Refuse(at.Dot("role"), "is missing. Send an object with role and content.");
            return Side.None;
        }

        var side = role.Is("user"u8) ? Side.User
            : role.Is("assistant"u8) ? Side.Assistant
            : role.Is("tool"u8) ? Side.Tool
            : role.Is("system"u8) || role.Is("developer"u8) ? Side.System
            : Side.None;
        if (side == Side.None)
        {
            report.Refuse(at.Dot("role"), role.Is("function"u8)
                ? "is the old form of \"tool\". Send tools, and role tool with tool_call_id."
                : "must be system, developer, user, assistant or tool.");
        }

        return side;
    }
}
