using Relay.Core.Errors;
using Relay.Core.Routing;
using Relay.Gateway.Auth;
using Relay.Gateway.Endpoints;
using Relay.Gateway.Errors;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Overrides;

/// <summary>The model that a request asks for, with what its headers make of its targets.</summary>
internal static class RouteChoice
{
    /// <summary>The most models in <c>x-relay-fallbacks</c>.</summary>
    public const int MaxFallbacks = 4;

    /// <summary>Names of targets that an error lists.</summary>
    private const int MaxShown = 8;

    /// <summary>Finds it; null with an error when the model or a name in a header is not known, or not for this key.</summary>
    public static ModelRoute? Find(RoutingTable table, KnownKey? key, string model, RequestOverrides overrides, out RelayError? error)
    {
        error = null;
        if (table.Find(model) is not { } route)
        {
            error = new(ErrorKind.UnknownModel, $"The model '{model}' is not configured. GET /v1/models lists those that are.", "model");
            return null;
        }

        if (key?.MayUse(model, route) == false)
        {
            error = new(ErrorKind.Permission, $"The key '{key.Name}' may not use the model '{model}'.", "model");
            return null;
        }

        return overrides.Target is { } target ? Pin(route, target, out error)
            : overrides.Fallbacks is { } names ? Append(table, key, model, route, names, out error)
            : route;
    }

    private static ModelRoute? Pin(ModelRoute route, string name, out RelayError? error)
    {
        error = null;
        if (Array.Find(route.Targets, t => t.FullName == name || AnswerHeaders.EscapeName(t.FullName) == name) is { } target)
        {
            return route.Only(target);
        }

        var names = string.Join(", ", route.Targets.Take(MaxShown).Select(t => $"'{t.FullName}'"));
        var more = route.Targets.Length > MaxShown ? $" and {route.Targets.Length - MaxShown} more" : "";
        error = RequestOverrides.Invalid(RequestOverrides.TargetHeader, $"{RequestOverrides.TargetHeader} names no target of the model '{route.Name}'. Its targets are {names}{more}.");
        return null;
    }

    private static ModelRoute? Append(RoutingTable table, KnownKey? key, string model, ModelRoute route, string text, out RelayError? error)
    {
        var names = text.Split(',', MaxFallbacks + 2, StringSplitOptions.TrimEntries);
        if (names.Length > MaxFallbacks)
        {
            error = Invalid($"more than {MaxFallbacks} models", $"Send at most {MaxFallbacks}");
            return null;
        }

        var asked = new HashSet<string>(StringComparer.Ordinal) { model };
        var all = new List<ModelRoute>(names.Length + 1) { route };
        foreach (var (name, i) in names.Select((n, i) => (n, i)))
        {
            // A header holds ASCII; other names, and those with a comma, come percent-encoded, as x-relay-target answers them.
            var plain = table.Find(name) is null ? Uri.UnescapeDataString(name) : name;
            var next = table.Find(plain);
            error = next is null ? Invalid($"'{ErrorMiddleware.Shown(name)}', which is not configured", "GET /v1/models lists the models that are")
                : !asked.Add(plain) ? Invalid($"'{name}' twice, or it is the model itself", "Send each model once")
                : key?.MayUse(plain, next) == false ? new(ErrorKind.Permission, $"The key '{key.Name}' may not use the model '{name}' that is number {i + 1} in {RequestOverrides.FallbacksHeader}. Leave it out.", RequestOverrides.FallbacksHeader)
                : null;
            if (error is not null)
            {
                return null;
            }

            all.Add(next!);
        }

        var joined = ModelRoute.Join(all);
        error = joined.Targets.Length > RoutePlanner.MaxTargets
            ? Invalid($"models that make {joined.Targets.Length} targets together", $"At most {RoutePlanner.MaxTargets} are tried; name fewer models")
            : null;
        return error is null ? joined : null;
    }

    private static RelayError Invalid(string what, string fix) =>
        RequestOverrides.Invalid(RequestOverrides.FallbacksHeader, $"{RequestOverrides.FallbacksHeader} names {what}. {fix}.");
}
