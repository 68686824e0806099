using System.Globalization;
using System.Text;
using Relay.Gateway.Attempts;

namespace Relay.Gateway.Endpoints;

/// <summary>The token count of a model none of whose targets can count: estimated, as the usage of a cut stream is. Nothing is dispatched, so nothing is recorded.</summary>
internal static class TokenCount
{
    /// <summary>Sends it.</summary>
    public static ValueTask SendEstimateAsync(AnswerWriter answer, RelayRequest request)
    {
        var tokens = UsageEstimate.FromBytes(request.Body.Memory.Length, 0).InputTokens;
        var body = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"input_tokens\":{tokens}}}"));
        return answer.SendPlainAsync(request.HeadFor(null, null, cost: null), body);
    }
}
