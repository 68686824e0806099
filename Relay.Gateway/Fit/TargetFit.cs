using Relay.Gateway.Attempts;
using Relay.Gateway.Config;

namespace Relay.Gateway.Fit;

/// <summary>
/// Leaves out of a plan the targets that cannot answer a request, as far as is known: that see no images, call no tools, know no schemas,
/// or whose context window it is surely too long for. Where none would be left, all stay: what is known may be out of date.
/// </summary>
internal static class TargetFit
{
    /// <summary>
    /// Even dense code and most languages have at most this many bytes a token; English has about four. So the estimate is up to a third
    /// too low, and a target is left out for a prompt that is too long in any case.
    /// </summary>
    public const int MostBytesPerToken = 6;

    /// <summary>Keeps of a plan the targets that fit.</summary>
    /// <param name="request">The request.</param>
    /// <param name="order">Indices of targets, in the order they are tried; those that fit are moved to the front.</param>
    /// <param name="available">How many of them, from the front, take requests now.</param>
    /// <returns>How many fit.</returns>
    public static int Keep(RelayRequest request, Span<byte> order, ref int available)
    {
        var targets = request.Route.Targets;
        Needs? needs = null;
        var (kept, keptAvailable) = (0, 0);
        Span<byte> fitting = stackalloc byte[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            if (targets[order[i]].Capabilities is not { } capabilities || (needs ??= Needs.Of(request)).MetBy(capabilities))
            {
                keptAvailable += i < available ? 1 : 0;
                fitting[kept++] = order[i];
            }
        }

        if (kept is 0 || kept == order.Length)
        {
            return order.Length;
        }

        fitting[..kept].CopyTo(order);
        available = keptAvailable;
        return kept;
    }

    private sealed record Needs(bool Images, bool Tools, bool Schema, long LeastTokens, long? MaxTokens)
    {
        public static Needs Of(RelayRequest request)
        {
            var body = request.Body.Memory.Span;
            var hasData = body.IndexOf(";base64,"u8) >= 0;
            return new(
                body.IndexOf("\"image_url\""u8) >= 0 || body.IndexOf("\"input_image\""u8) >= 0 || body.IndexOf("\"type\":\"image\""u8) >= 0,
                request.Scan.HasTools,
                request.Scan.HasSchema,
                hasData ? 0 : body.Length / MostBytesPerToken,
                request.Scan.MaxTokens);
        }

        public bool MetBy(CapabilityOptions can) =>
            !(Images && can.Images == false)
            && !(Tools && can.Tools == false)
            && !(Schema && can.JsonSchema == false)
            && !(LeastTokens > can.ContextWindow)
            && !(MaxTokens > can.MaxOutput);
    }
}
