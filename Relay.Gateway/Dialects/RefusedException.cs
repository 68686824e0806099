using Relay.Core.Errors;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects;

/// <summary>A request cannot be carried over. Thrown deep inside a translation and caught where it starts.</summary>
/// <param name="param">The field at fault, such as <c>messages[2].content[0].image_url.url</c>.</param>
/// <param name="message">What is wrong with it, and the fix. No value of it.</param>
internal sealed class RefusedException(string param, string message) : Exception(message)
{
    /// <summary>What the client is told.</summary>
    public RelayError Error { get; } = new(ErrorKind.InvalidRequest, message, param);
}
