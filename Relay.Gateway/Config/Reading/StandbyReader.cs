namespace Relay.Gateway.Config.Reading;

/// <summary>Reads <c>standbyProbe</c> of a target.</summary>
internal static class StandbyReader
{
    /// <summary>Bounds of <c>every</c>.</summary>
    public static readonly DurationBounds Every = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));

    private static readonly string[] Kinds = ["models", "chat"];

    public static StandbyOptions? Read(JsonCursor? at)
    {
        if (at is not { } here || ObjectReader.Open(here, "write { \"every\": \"30s\", \"kind\": \"models\" }") is not { } section)
        {
            return null;
        }

        var defaults = new StandbyOptions();
        var options = new StandbyOptions { Every = section.Duration("every", defaults.Every, Every), Kind = Kind(section.Field("kind")) };
        section.Close();
        return options;
    }

    private static StandbyKind Kind(JsonCursor? at)
    {
        if (at is not { } here || here.AsString("write \"models\" (the default) or \"chat\"") is not { } text)
        {
            return StandbyKind.Models;
        }

        var index = Array.IndexOf(Kinds, text);
        if (index < 0)
        {
            here.UnknownName($"no kind of probe {SafeText.Show(text)}", "the kinds are", text, Kinds);
        }

        return index == 1 ? StandbyKind.Chat : StandbyKind.Models;
    }
}
