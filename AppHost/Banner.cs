using System.Text;
using Relay.Gateway.Config;

namespace Relay.AppHost;

/// <summary>What a person sees first: where everything is, and what to try.</summary>
internal static class Banner
{
    public static string Text(EmbeddedHost host, RelayConfig config, bool isDemo)
    {
        var gateway = host.Gateway!.Url.ToString().TrimEnd('/');
        var text = new StringBuilder()
            .AppendLine()
            .AppendLine("Relay is running.")
            .AppendLine()
            .AppendLine($"  OpenAI base URL   {gateway}/v1")
            .AppendLine($"  gRPC              {host.Gateway.GrpcUrl.Authority} (relay.v1.Chat)")
            .AppendLine($"  Live page         {host.Api!.Url}")
            .AppendLine($"  Stats over gRPC   {host.Api.GrpcEndPoint}")
            .AppendLine($"  Models            {string.Join(", ", config.Models.Keys.Order(StringComparer.Ordinal))}")
            .AppendLine($"  Configuration     {config.Path ?? "built-in demo (write a relay.json to use your own providers)"}");
        if (isDemo)
        {
            AppendDemo(text, host, gateway, config.Models["chat-default"].Targets[0].Name);
        }

        return text.AppendLine().Append("Ctrl+C stops it.").ToString();
    }

    private static void AppendDemo(StringBuilder text, EmbeddedHost host, string gateway, string target)
    {
        var first = host.Demo.Servers[0];
        var primary = first.BaseUrl.ToString().TrimEnd('/');
        foreach (var server in host.Demo.Servers)
        {
            text.AppendLine($"  Simulated         {server.Options.Name} at {server.BaseUrl}");
        }

        text.AppendLine()
            .AppendLine("Try it:")
            .AppendLine($$"""  curl -N {{gateway}}/v1/chat/completions -H 'content-type: application/json' -d '{"model":"chat-default","stream":true,"messages":[{"role":"user","content":"Hello"}]}'""")
            .AppendLine("Then pull the plug on the first provider, and ask again:")
            .AppendLine($"  curl -X POST {primary}/control/unplug")
            .AppendLine($"  curl -X POST {primary}/control/plug")
            .AppendLine("Or hold its circuit breaker open, and let it go (\"none\"):")
            .AppendLine($$"""  curl -X PUT {{host.Api!.Url}}api/v1/breakers/{{target}} -H 'authorization: Bearer {{host.DemoAdminToken!.Reveal()}}' -H 'content-type: application/json' -d '{"force":"open"}'""");
    }
}
