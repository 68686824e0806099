using Relay.Gateway.Attempts;

namespace Relay.Gateway.Recording;

/// <summary>Makes the one record of a request.</summary>
internal static class RecordOf
{
    /// <summary>That of a request which is over, up to its last byte.</summary>
    /// <param name="request">The request.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="bill">What it took.</param>
    /// <param name="now">The monotonic time.</param>
    public static RequestRecord Request(RelayRequest request, LoopResult outcome, in Bill bill, TimeSpan now)
    {
        var result = outcome.Result;
        return new()
        {
            RequestId = request.Id,
            TraceId = request.TraceId,
            StartedAt = request.StartedAt,
            Key = request.Key,
            Model = request.Route.Name,
            AskedModel = request.Scan.Model,
            Tags = request.Tags,
            Endpoint = request.Endpoint switch
            {
                EndpointKind.Embeddings => "embeddings",
                EndpointKind.CountTokens => "messages.count_tokens",
                _ => request.Form?.Label ?? "chat.completions",
            },
            Protocol = request.Answer.Protocol,
            Streamed = request.Scan.Stream,
            Error = result.Kind,
            HttpStatus = request.Answer.Started || result.Error is null ? 200 : result.Error.Status,
            Target = outcome.Target?.Name ?? (request.Attempts.Count > 0 ? request.Attempts[^1].Target : null),
            Attempts = request.Attempts,
            PassedOver = request.PassedOver,
            Rescued = request.IsRescue && result.Error is null,
            Latency = now - request.Started,
            FirstToken = request.FirstToken,
            Overhead = request.Overhead(now),
            Usage = bill.Usage,
            Cost = bill.Cost,
        };
    }
}
