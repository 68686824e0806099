using Relay.Core.Errors;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>What the translation of one request comes to besides its bytes: the first reason to refuse it, and what was left out. A translation goes on after a refusal; its bytes are thrown away.</summary>
/// <param name="dropped">Receives the names of what is left out.</param>
internal sealed class RequestReport(DroppedFields dropped)
{
    /// <summary>The first refusal, or null.</summary>
    public RelayError? Error { get; private set; }

    /// <summary>Refuses the request.</summary>
    /// <param name="field">The field at fault.</param>
    /// <param name="why">What is wrong with it and what to do; goes on after the field's name.</param>
    public void Refuse(string field, string why) => Error ??= new(ErrorKind.InvalidRequest, $"\"{field}\" {why}", field);

    /// <summary>Leaves a known field out.</summary>
    public void Drop(string name) => dropped.Add(name);

    /// <summary>Leaves out a field whose name the client has chosen.</summary>
    public void DropUnknown(string name) => dropped.AddForeign(name);
}
