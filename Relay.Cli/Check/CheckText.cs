using System.Text;
using Relay.Core.Routing;
using Relay.Gateway.Config;

namespace Relay.Cli.Check;

/// <summary>A check's report for people. No secret is in it: of keys there are the names.</summary>
internal static class CheckText
{
    public static string Write(CheckReport report)
    {
        var text = new StringBuilder();
        if (report.Result.Config is { } config)
        {
            Summarize(text, config);
        }
        else
        {
            var count = report.Result.Errors.Length == 1 ? "an error" : $"{report.Result.Errors.Length} errors";
            text.AppendLine($"relay: {(report.File is { } file ? $"{file} has {count}" : "there is nothing to check")}.").AppendLine().AppendLine(report.Result.Explain());
        }

        foreach (var note in report.Notes)
        {
            text.AppendLine($"note: {note}; accepted because of --no-env");
        }

        return text.ToString().TrimEnd();
    }

    private static void Summarize(StringBuilder text, RelayConfig config)
    {
        text.AppendLine($"{config.Path} is valid (version {config.Version}).").AppendLine();
        text.AppendLine($"Listens    gateway {config.Listen.Gateway}, api {config.Listen.Api}");
        text.AppendLine($"Data       {config.DataDir}").AppendLine("Providers");
        foreach (var provider in config.Providers.Values.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            text.AppendLine($"  {provider.Name}  {provider.BaseUrl}{Credentials(provider)}");
        }

        text.AppendLine("Models");
        foreach (var model in config.Models.Values.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            text.AppendLine($"  {model.Name}  {Strategy(model)}: {string.Join(", ", model.Targets.Select(t => t.Name + (config.Prices.Find(t.Name) is null ? " (no price)" : "")))}");
        }

        text.AppendLine(config.Keys.IsEmpty ? "Keys       none: only this machine is served" : $"Keys       {string.Join(", ", config.Keys.Select(k => k.Name))}");
    }

    private static string Credentials(ProviderOptions provider) => provider.AllCredentials switch
    {
        [] => "  (no credential)",
        [_] => "",
        var several => $"  (credentials: {string.Join(", ", several.Select(c => c.Name))})",
    };

    public static string Strategy(ModelOptions model) => model.Strategy.Label();
}
