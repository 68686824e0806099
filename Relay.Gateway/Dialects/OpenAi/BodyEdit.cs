namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>Other bytes in place of a part of a body.</summary>
/// <param name="Start">Where the part starts.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Text">What stands there instead.</param>
internal readonly record struct BodyEdit(int Start, int End, ReadOnlyMemory<byte> Text)
{
    /// <summary>How many bytes longer the body becomes.</summary>
    public int Growth => Text.Length - (End - Start);

    /// <summary>A copy of the body with all the edits, which must not overlap; they are sorted.</summary>
    public static byte[] Apply(ReadOnlyMemory<byte> body, List<BodyEdit> edits)
    {
        edits.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var edited = new byte[body.Length + edits.Sum(e => e.Growth)];
        var (from, to) = (0, edited.AsMemory());
        foreach (var edit in edits)
        {
            body[from..edit.Start].CopyTo(to);
            to = to[(edit.Start - from)..];
            edit.Text.CopyTo(to);
            to = to[edit.Text.Length..];
            from = edit.End;
        }

        body[from..].CopyTo(to);
        return edited;
    }
}
