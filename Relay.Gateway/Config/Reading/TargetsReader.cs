using System.Collections.Immutable;
using System.Text.Json;
using Relay.Core.Routing;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads the <c>targets</c> of a model.</summary>
internal static class TargetsReader
{
    /// <summary>Bounds of <c>weight</c>.</summary>
    public static readonly NumberBounds Weight = new(0, 1_000_000);

    private const string Form = "write \"provider/upstream-model\", such as \"openai/gpt-4.1\"";
    private const string ItemForm = Form + ", or { \"target\": \"openai/gpt-4.1\", \"weight\": 2 }";

    /// <summary>Reads them.</summary>
    /// <param name="at">The list.</param>
    /// <param name="providers">The providers that there are.</param>
    /// <param name="isWildcard">The model's name ends in a <c>*</c>, so that its targets' may.</param>
    public static ImmutableArray<TargetOptions> Read(JsonCursor at, ProviderSet providers, bool isWildcard)
    {
        if (at.AsList("write [ \"openai/gpt-4.1\" ]") is not { } items)
        {
            return [];
        }

        if (items.Count is 0 or > RoutePlanner.MaxTargets)
        {
            at.Error(items.Count == 0 ? "there are no targets" : $"there are {items.Count} targets", $"give a model from 1 to {RoutePlanner.MaxTargets} targets, such as [ \"openai/gpt-4.1\" ]");
        }

        var targets = ImmutableArray.CreateBuilder<TargetOptions>();
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (ReadOne(item, providers) is not { } target)
            {
                continue;
            }

            if (target.IsWildcard && !isWildcard)
            {
                item.Error($"the target {SafeText.Show(target.Name)} ends in *, but the model's name does not", "name the upstream model, or end the model's name in *, as in \"openai/*\"");
            }
            else if (first.TryAdd(target.Name, item.Path))
            {
                targets.Add(target);
            }
            else
            {
                item.Error($"the target {SafeText.Show(target.Name)} is already at {first[target.Name]}", "keep one of them; for a larger share give it a weight");
            }
        }

        return targets.ToImmutable();
    }

    private static TargetOptions? ReadOne(JsonCursor at, ProviderSet providers)
    {
        if (at.Kind == JsonValueKind.String)
        {
            return Parse(at, providers);
        }

        if (at.Kind != JsonValueKind.Object)
        {
            at.WrongType("a string or an object", ItemForm);
            return null;
        }

        var section = ObjectReader.Open(at, ItemForm)!;
        var target = section.Required("target", ItemForm) is { } name ? Parse(name, providers) : null;
        var weight = section.Number("weight", 1, Weight);
        var reasoning = section.Bool("reasoning", false);
        var prefill = section.OptionalBool("prefill");
        var capabilities = CapabilitiesReader.Read(section.Field("capabilities"));
        var parameters = ParametersReader.Read(section.Field("parameters"));
        var standby = StandbyReader.Read(section.Field("standbyProbe"));
        if (target is { IsWildcard: true } && standby?.Kind == StandbyKind.Chat)
        {
            at.Field("standbyProbe").Error("a chat needs one model, and the target ends in *", "ask for the provider's models with \"kind\": \"models\", or leave it out");
        }

        section.Close();
        return target is null ? null : target with
        {
            Weight = weight,
            Reasoning = reasoning,
            Prefill = prefill,
            Capabilities = capabilities,
            Parameters = parameters,
            StandbyProbe = standby,
        };
    }

    private static TargetOptions? Parse(JsonCursor at, ProviderSet providers)
    {
        if (at.AsString(Form) is not { } text)
        {
            return null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == text.Length - 1)
        {
            at.Error($"{SafeText.Show(text)} is not a provider and its model", Form);
            return null;
        }

        var (provider, model) = (text[..slash], text[(slash + 1)..]);
        var isKnown = CheckProvider(provider, at, providers);
        return NameRules.Check(model, "upstream model's name", at) && NameRules.CheckStar(model, "upstream model's name", at) && isKnown ? new() { Provider = provider, UpstreamModel = model } : null;
    }

    /// <summary>Reports a provider that is not configured.</summary>
    public static bool CheckProvider(string name, JsonCursor at, ProviderSet providers)
    {
        if (providers.Names.Contains(name))
        {
            return true;
        }

        var message = $"no provider {SafeText.Show(name)}";
        if (providers.Names.Count == 0)
        {
            at.Error(message, "add it under $.providers; none is configured");
        }
        else
        {
            at.UnknownName(message, "configured are", name, providers.Names);
        }

        return false;
    }
}
