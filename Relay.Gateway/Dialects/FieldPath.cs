using System.Runtime.CompilerServices;
using System.Text;

namespace Relay.Gateway.Dialects;

/// <summary>Where a field stands in a request, <c>messages[3].content[1].text</c>. Becomes text only for an error. Beyond eight steps it stays at the eighth.</summary>
internal struct FieldPath
{
    private const int MaxSteps = 8;

    private Steps _steps;
    private int _count;

    /// <summary>The path of a member of this.</summary>
    public readonly FieldPath Member(string name)
    {
        var path = this;
        if (_count < MaxSteps)
        {
            path._steps[path._count++] = new(name, -1);
        }

        return path;
    }

    /// <summary>The path of an element of this.</summary>
    public readonly FieldPath Element(int index)
    {
        var path = this;
        if (_count > 0 && path._steps[_count - 1].Index < 0)
        {
            path._steps[_count - 1] = path._steps[_count - 1] with { Index = index };
        }

        return path;
    }

    /// <inheritdoc/>
    public override readonly string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _count; i++)
        {
            text.Append(i == 0 ? "" : ".").Append(_steps[i].Name);
            if (_steps[i].Index >= 0)
            {
                text.Append('[').Append(_steps[i].Index).Append(']');
            }
        }

        return text.ToString();
    }

    private readonly record struct Step(string Name, int Index);

    [InlineArray(MaxSteps)]
    private struct Steps
    {
        private Step _first;
    }
}
