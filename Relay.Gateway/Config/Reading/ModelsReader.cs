using System.Collections.Frozen;
using Relay.Core.Routing;

namespace Relay.Gateway.Config.Reading;

/// <summary>The models of a file.</summary>
/// <param name="Options">Those that could be read.</param>
/// <param name="Names">All that are there.</param>
internal sealed record ModelSet(FrozenDictionary<string, ModelOptions> Options, SortedSet<string> Names)
{
    /// <summary>A model of that name is there, or a wildcard that matches it.</summary>
    public bool Has(string name) =>
        Names.Contains(name)
        || Names.Any(wildcard => wildcard.EndsWith('*') && name.Length >= wildcard.Length && name.StartsWith(wildcard[..^1], StringComparison.Ordinal) && !name.EndsWith('*'));
}

/// <summary>Reads <c>models</c>.</summary>
internal static class ModelsReader
{
    private const string Example = "\"models\": { \"chat-default\": { \"targets\": [ \"openai/gpt-4.1\" ] } }";

    public static ModelSet Read(JsonCursor root, JsonCursor? at, ProviderSet providers, ModelDefaults defaults)
    {
        var options = new Dictionary<string, ModelOptions>(StringComparer.Ordinal);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var agreement = new BreakerAgreement();
        if (at is not { } here)
        {
            root.Field("models").Error("there are no models", $"add at least one: {Example}");
        }
        else if (here.AsMembers($"write {Example}") is { } members)
        {
            if (members.Count == 0)
            {
                here.Error("there are no models", $"add at least one: {Example}");
            }

            foreach (var (name, value) in members)
            {
                _ = NameRules.Check(name, "model's name", value) && NameRules.CheckStar(name, "model's name", value);
                names.Add(name);
                if (ReadOne(name, value, providers, defaults, agreement) is { } model)
                {
                    options[name] = model;
                }
            }
        }

        return new(options.ToFrozenDictionary(StringComparer.Ordinal), names);
    }

    private static ModelOptions? ReadOne(string name, JsonCursor at, ProviderSet providers, ModelDefaults defaults, BreakerAgreement agreement)
    {
        if (ObjectReader.Open(at, $"write {Example}") is not { } section)
        {
            return null;
        }

        var strategy = Strategy(section.Field("strategy"));
        var targets = section.Required("targets", "add at least one, such as \"targets\": [ \"openai/gpt-4.1\" ]") is { } list ? TargetsReader.Read(list, providers, name.EndsWith('*')) : [];
        var affinity = section.Bool("affinity", false);
        var errors = at.Context.Errors.Count;
        var own = defaults.With(section);
        var model = new ModelOptions
        {
            Name = name,
            Strategy = strategy,
            Targets = targets,
            Affinity = affinity,
            Timeouts = own.Timeouts.Settled,
            Retry = own.Retry.Settled,
            Rescue = own.Rescue.Settled,
            Breaker = own.Breaker.Settled,
            Slow = own.Slow.Settled,
        };

        // A wrong breaker was replaced by the default and would contradict others that are right.
        if (at.Context.Errors.Count == errors)
        {
            agreement.Check(model, at);
        }

        section.Close();
        return model;
    }

    private static RoutingStrategy Strategy(JsonCursor? at)
    {
        if (at is not { } here || here.AsString("write \"priority\" (the default), \"weighted\" or \"lowest-latency\"") is not { } text)
        {
            return RoutingStrategy.Priority;
        }

        foreach (var strategy in Enum.GetValues<RoutingStrategy>())
        {
            if (strategy.Label() == text)
            {
                return strategy;
            }
        }

        here.UnknownName($"no strategy {SafeText.Show(text)}", "the strategies are", text, RoutingStrategies.Names);
        return RoutingStrategy.Priority;
    }
}
