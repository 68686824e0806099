using System.Globalization;
using Relay.Core.Errors;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Upstream;

/// <summary>Turns a provider's error answer into what the client is told: the caller's own faults pass on unchanged, the provider's are told in Relay's words.</summary>
internal static class ProviderFault
{
    private const int MaxQuoted = 500;

    /// <summary>The error of an answer that is no success.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="contentType">Its content type, or null.</param>
    /// <param name="body">Its body, or the start of it.</param>
    /// <param name="target">The target's name.</param>
    public static RelayError From(int status, string? contentType, ReadOnlyMemory<byte> body, string target)
    {
        var said = ProviderError.Read(body);
        var kind = said.Classify(status);
        if (ErrorTable.Of(kind).Domain == FaultDomain.Caller && said.IsJson)
        {
            return new(kind, said.Message ?? "The provider refused the request.") { Unchanged = new(status, contentType, body) };
        }

        return new(kind, Explain(kind, status, said, target));
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

    private static string Explain(ErrorKind kind, int status, in ProviderError said, string target) => kind switch
    {
        // A provider's words about a credential may hold a part of it.
        ErrorKind.ProviderAuth => string.Create(CultureInfo.InvariantCulture, $"{target} refused Relay's credential ({status}). The operator of this Relay must check providers.apiKey."),
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
