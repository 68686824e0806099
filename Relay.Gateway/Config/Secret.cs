using System.Security.Cryptography;
using System.Text;

namespace Relay.Gateway.Config;

/// <summary>A credential. Its text leaves only through <see cref="Reveal"/>; printing, logging or serializing it shows three stars.</summary>
public sealed class Secret : IEquatable<Secret>
{
    private readonly string _value;

    /// <summary>Wraps a credential.</summary>
    /// <param name="value">Its text, without line ends; not empty.</param>
    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>The text, for the one place that sends it.</summary>
    public string Reveal() => _value;

    /// <summary>SHA-256 of its UTF-8 bytes.</summary>
    public byte[] Sha256() => SHA256.HashData(Encoding.UTF8.GetBytes(_value));

    /// <summary>True when both hold the same text.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Secret? other) => other is not null && _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_value);

    /// <summary>Three stars.</summary>
    public override string ToString() => "***";
}
