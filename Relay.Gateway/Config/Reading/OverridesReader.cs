namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>overrides</c> of a key.</summary>
internal static class OverridesReader
{
    /// <summary>The names of <see cref="OverrideKinds"/>, bit by bit.</summary>
    public static readonly string[] Names = ["timeout", "retry", "tags", "target", "fallbacks"];

    private const string Form = "write a list such as [ \"timeout\", \"retry\", \"tags\" ] (the default); [] allows none";

    public static OverrideKinds Read(JsonCursor? at)
    {
        if (at is not { } here || here.AsList(Form) is not { } items)
        {
            return OverrideKinds.Default;
        }

        var allowed = OverrideKinds.None;
        foreach (var item in items)
        {
            if (item.AsString(Form) is not { } name)
            {
                continue;
            }

            var kind = (OverrideKinds)(1 << Math.Max(0, Array.IndexOf(Names, name)));
            if (!Names.Contains(name))
            {
                item.UnknownName($"no override {SafeText.Show(name)}", "the overrides are", name, Names);
            }
            else if (allowed.HasFlag(kind))
            {
                item.Error($"the override {SafeText.Show(name)} is there more than once", "keep one of them");
            }
            else
            {
                allowed |= kind;
            }
        }

        return allowed;
    }

    /// <summary>The name of one of them.</summary>
    public static string NameOf(OverrideKinds kind) => Names[System.Numerics.BitOperations.Log2((uint)kind)];
}
