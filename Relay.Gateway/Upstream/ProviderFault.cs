using System.Globalization;
using Relay.Core.Errors;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Upstream;

/// <summary>Turns a provider's error answer into what the client is told: the caller's own faults pass on unchanged, the provider's are told in Relay's words.</summary>
internal static class ProviderFault
{
    private const int MaxQuoted = 500;

    /// <summary>The error of an answer that is no success.</summary>
    /// <param name="answer">Its status and body, or the start of that.</param>
    /// <param name="target">The target.</param>
    /// <param name="isClients">It is in the client's own form, so that it may pass on unchanged.</param>
    public static RelayError From(ProviderAnswer answer, UpstreamTarget target, bool isClients)
    {
        var said = target.Wire.Dialect?.ReadError(answer.Status, answer.Body) ?? ProviderError.Read(answer.Body);
        var kind = said.Classify(answer.Status);
        if (target.IsNamedByClient && IsUnknownModel(kind, answer.Status, said))
        {
            // The client made the name up, or means a model that the account may not use: no fault of a target that all names share.
            return new(ErrorKind.UnknownModel, $"The provider of {target.FullName} does not know that model, or gives the account no access to it ({answer.Status}).", "model");
        }

        if (ErrorTable.Of(kind).Domain == FaultDomain.Caller && said.IsJson)
        {
            return new(kind, said.Message ?? "The provider refused the request.") { Unchanged = isClients ? answer : null, HttpStatus = answer.Status };
        }

        return new(kind, Explain(kind, answer.Status, said, target.FullName)) { RetryAfter = said.RetryAfter };
    }

    /// <summary>The error of an error object inside a 200 stream.</summary>
    public static RelayError InStream(ReadOnlyMemory<byte> data, string target)
    {
        var said = ProviderError.Read(data);
        var kind = said.Classify(200);
        return ErrorTable.Of(kind).Domain == FaultDomain.Caller
            ? new(kind, said.Message ?? "The provider refused the request.") { Unchanged = new(ErrorTable.Of(kind).HttpStatus, "application/json", data) }
            : new(kind, $"{target} sent an error inside its stream{Quote(said)}.");
    }

    private static bool IsUnknownModel(ErrorKind kind, int status, in ProviderError said) =>
        kind == ErrorKind.ProviderNotFound
        || (kind == ErrorKind.ProviderAuth && status == 403 && string.Equals(said.Code, "model_not_found", StringComparison.Ordinal));

    private static string Explain(ErrorKind kind, int status, in ProviderError said, string target) => kind switch
    {
        // A provider's words about a credential may hold a part of it.
        ErrorKind.ProviderAuth => string.Create(CultureInfo.InvariantCulture, $"{target} refused Relay's credential ({status}). The operator of this Relay must check the provider's apiKey or credentials."),
        ErrorKind.ConnectFailed when status == 407 => $"No connection to the provider of {target}: its proxy wants other credentials (407).",
        ErrorKind.ProviderQuota => $"The account behind {target} has no quota left. The operator of this Relay must top it up.",
        _ => string.Create(CultureInfo.InvariantCulture, $"{target} answered {status}{Quote(said)}."),
    };

    private static string Quote(in ProviderError said)
    {
        if (string.IsNullOrWhiteSpace(said.Message))
        {
            return "";
        }

        var text = said.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return ": " + (text.Length <= MaxQuoted ? text : text[..MaxQuoted] + "…");
    }
}
