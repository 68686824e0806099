using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Relay.Core.Routing;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Overrides;

/// <summary>A rig with three simulators: the usual model at the first two, and the models <c>second</c> and <c>third</c> at those by themselves.</summary>
internal static class OverrideRig
{
    public static Task<Rig> StartAsync(OverrideKinds? key = null, RigOptions? options = null) => Rig.StartAsync((options ?? new()) with
    {
        Simulators = 3,
        Config = c => c with
        {
            Models = c.Models.Values.Select(m => m with { Targets = [.. m.Targets.Take(2)] })
                .Append(Alone(c, "second", 1)).Append(Alone(c, "third", 2)).ToFrozenDictionary(m => m.Name),
            Keys = key is { } allowed ? [new() { Name = "app", Sha256 = [.. SHA256.HashData("k"u8)], Overrides = allowed, Models = [Rig.Model, "second"] }] : [],
        },
    });

    /// <summary>Sends a request with headers, <c>name: value</c> each.</summary>
    public static async Task<Chat> SendAsync(Rig rig, string[] headers, string? body = null, string path = "/v1/chat/completions")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body ?? Rig.Body(), Encoding.UTF8, "application/json") };
        request.Headers.Add("x-api-key", "k");
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
        }

        using var response = await rig.Client.SendAsync(request);
        return await Chat.ReadAsync(response, stream: false);
    }

    private static ModelOptions Alone(RelayConfig config, string name, int target) =>
        config.Models[Rig.Model] with { Name = name, Strategy = RoutingStrategy.Priority, Targets = [config.Models[Rig.Model].Targets[target]] };
}
