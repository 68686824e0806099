using System.Collections.Immutable;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;
using Relay.Grpc;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>Tells an error as the status of a call, with what HTTP has in body and headers as details.</summary>
internal static class GrpcErrors
{
    /// <summary>Longer codes and names of a provider are left out.</summary>
    private const int MaxWord = 200;

    /// <summary>The status of an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="attempts">How many attempts were made.</param>
    public static GrpcStatus StatusOf(RelayError error, int attempts)
    {
        // What a provider says of the caller's own fault reaches the caller in the provider's words, as over HTTP.
        var said = error.Unchanged is { } answer ? ProviderError.Read(answer.Body) : default;
        var info = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(2);
        if ((error.Param ?? said.Param) is { Length: > 0 and <= MaxWord } param)
        {
            info.Add(new("param", param));
        }

        if (attempts > 0)
        {
            // Relay has retried already; a client that does so too only adds load.
            info.Add(new("should_retry", "false"));
        }

        var status = GrpcStatus.Of(error.Kind, error.Message);
        return status with
        {
            ErrorCode = error.Code ?? (said.Code is { Length: > 0 and <= MaxWord } code ? code : status.ErrorCode),
            RetryAfter = error.RetryAfter,
            Info = info.DrainToImmutable(),
        };
    }
}
