using System.Collections.Immutable;
using System.Text.Json;

namespace Relay.Gateway.Config.Reading;

/// <summary>Reads a target's <c>parameters</c>.</summary>
internal static class ParametersReader
{
    /// <summary>The most rules of one kind.</summary>
    public const int MaxRules = 64;

    private const string Form = "write { \"rename\": { \"max_tokens\": \"max_completion_tokens\" }, \"drop\": [ \"logit_bias\" ], \"clamp\": { \"temperature\": [ 0, 1 ] }, \"default\": { \"top_p\": 0.9 }, \"set\": { \"store\": false } }";

    /// <summary>Fields that Relay itself works with.</summary>
    private static readonly string[] Own = ["model", "messages", "stream", "stream_options"];

    public static ParameterOptions Read(JsonCursor? at)
    {
        if (at is not { } here || ObjectReader.Open(here, Form) is not { } section)
        {
            return ParameterOptions.None;
        }

        var options = new ParameterOptions
        {
            Rename = Members(section.Field("rename"), static v => v.AsString("write the new name, such as \"max_completion_tokens\"") is { } name && Check(name, v) ? name : null),
            Drop = Names(section.Field("drop")),
            Clamp = [.. Members(section.Field("clamp"), ReadBounds).Select(c => new ParameterBounds(c.Key, c.Value[0], c.Value[1]))],
            Default = Members(section.Field("default"), static v => v.RawJson),
            Set = Members(section.Field("set"), static v => v.RawJson),
        };
        section.Close();
        return options;
    }

    private static ImmutableArray<KeyValuePair<string, T>> Members<T>(JsonCursor? at, Func<JsonCursor, T?> read)
        where T : class
    {
        if (at is not { } here || here.AsMembers(Form) is not { } members || TooMany(members.Count, here))
        {
            return [];
        }

        var rules = ImmutableArray.CreateBuilder<KeyValuePair<string, T>>();
        foreach (var (name, value) in members)
        {
            if (Check(name, value) && read(value) is { } rule)
            {
                rules.Add(new(name, rule));
            }
        }

        return rules.ToImmutable();
    }

    private static ImmutableArray<string> Names(JsonCursor? at)
    {
        if (at is not { } here || here.AsList("write [ \"logit_bias\" ]") is not { } items || TooMany(items.Count, here))
        {
            return [];
        }

        return [.. items.Select(i => i.AsString("write a field's name, such as \"logit_bias\"") is { } name && Check(name, i) ? name : null).OfType<string>()];
    }

    private static decimal[]? ReadBounds(JsonCursor at)
    {
        const string Fix = "write the smallest and the largest value, such as [ 0, 1 ]";
        if (at.AsList(Fix) is not { } ends)
        {
            return null;
        }

        if (ends.Count != 2 || ends.Exists(e => e.Kind != JsonValueKind.Number) || ends[0].AsDecimal() is not { } min || ends[1].AsDecimal() is not { } max || min > max)
        {
            at.Error("these are no bounds", Fix);
            return null;
        }

        return [min, max];
    }

    private static bool TooMany(int count, JsonCursor at)
    {
        if (count <= MaxRules)
        {
            return false;
        }

        at.Error($"has {count} rules", $"give at most {MaxRules}");
        return true;
    }

    private static bool Check(string name, JsonCursor at)
    {
        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
        {
            at.Error("this is no field's name", "use 1 to 100 characters");
            return false;
        }

        if (Own.Contains(name, StringComparer.Ordinal))
        {
            at.Error($"Relay itself works with '{name}'", "leave it out; the upstream model's name stands in the target");
            return false;
        }

        return true;
    }
}
