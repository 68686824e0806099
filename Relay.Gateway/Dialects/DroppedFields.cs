namespace Relay.Gateway.Dialects;

/// <summary>Names of request fields that were left out because the other side has nothing like them; told in <c>x-relay-dropped</c>. At most 16 are kept.</summary>
internal sealed class DroppedFields
{
    private const int Capacity = 16;

    private List<string>? _names;

    /// <summary>The names in the order they were met, each once.</summary>
    public IReadOnlyList<string> Names => _names ?? (IReadOnlyList<string>)[];

    /// <summary>Adds a field's name; never a value.</summary>
    public void Add(string name)
    {
        _names ??= [];
        if (_names.Count < Capacity && !_names.Contains(name))
        {
            _names.Add(name);
        }
    }

    /// <summary>Adds a field whose name comes from the client: one that could not stand in a header becomes <c>(other)</c>.</summary>
    public void AddForeign(string name)
    {
        var safe = name.Length is > 0 and <= 64;
        foreach (var letter in name)
        {
            safe &= char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.';
        }

        Add(safe ? name : "(other)");
    }
}
