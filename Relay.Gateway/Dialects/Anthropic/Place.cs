using System.Globalization;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Where something stands in a request, such as <c>messages[3].content[1]</c>. Becomes text only for an error.</summary>
/// <param name="Field">The outer field.</param>
/// <param name="Index">The place in it, or -1.</param>
/// <param name="Inner">A field of that element, or empty.</param>
/// <param name="InnerIndex">The place in that, or -1.</param>
internal readonly record struct Place(string Field, int Index = -1, string Inner = "", int InnerIndex = -1)
{
    /// <summary>An element of a field of this.</summary>
    public Place In(string inner, int index) => this with { Inner = Inner.Length == 0 ? inner : $"{Inner}.{inner}", InnerIndex = index };

    /// <summary>A field of this.</summary>
    public string Dot(string field) => $"{this}.{field}";

    /// <inheritdoc/>
    public override string ToString() => Inner.Length == 0 ? Item(Field, Index) : $"{Item(Field, Index)}.{Item(Inner, InnerIndex)}";

    private static string Item(string field, int index) =>
        index < 0 ? field : string.Create(CultureInfo.InvariantCulture, $"{field}[{index}]");
}
