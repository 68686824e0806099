using System.Collections.Immutable;

namespace Relay.Gateway.Config;

/// <summary>What becomes of the top-level fields of a request on their way to one target, in this order. At most 64 rules of each kind.</summary>
public sealed record ParameterOptions
{
    /// <summary>None at all.</summary>
    public static ParameterOptions None { get; } = new();

    /// <summary>Fields that get another name; one that is there already under the new name stays, and the old one goes.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Rename { get; init; } = [];

    /// <summary>Fields that are left out.</summary>
    public ImmutableArray<string> Drop { get; init; } = [];

    /// <summary>Numbers that are brought within bounds.</summary>
    public ImmutableArray<ParameterBounds> Clamp { get; init; } = [];

    /// <summary>Fields that are added where the client sent none; JSON values.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Default { get; init; } = [];

    /// <summary>Fields that are there whatever the client sent; JSON values.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Set { get; init; } = [];

    /// <summary>There is no rule.</summary>
    public bool IsEmpty => Rename.IsEmpty && Drop.IsEmpty && Clamp.IsEmpty && Default.IsEmpty && Set.IsEmpty;

    /// <inheritdoc/>
    public bool Equals(ParameterOptions? other) =>
        other is not null && Rename.SequenceEqual(other.Rename) && Drop.SequenceEqual(other.Drop) && Clamp.SequenceEqual(other.Clamp)
        && Default.SequenceEqual(other.Default) && Set.SequenceEqual(other.Set);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rename.Length, Drop.Length, Clamp.Length, Default.Length, Set.Length);
}

/// <summary>Bounds of one field.</summary>
/// <param name="Name">The field.</param>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value, at least <paramref name="Min"/>.</param>
public readonly record struct ParameterBounds(string Name, decimal Min, decimal Max);
