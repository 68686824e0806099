using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Slow;

namespace Relay.Gateway.Config.Reading;

/// <summary>The options that models are built on.</summary>
internal sealed record ModelDefaults(
    Layer<TimeoutOptions> Timeouts, Layer<RetryOptions> Retry, Layer<RescueOptions> Rescue, Layer<BreakerOptions> Breaker, Layer<SlowOptions> Slow)
{
    /// <summary>The product's own.</summary>
    public static ModelDefaults BuiltIn { get; } = new(
        Layer<TimeoutOptions>.Of(TimeoutOptions.Default),
        Layer<RetryOptions>.Of(RetryOptions.Default),
        Layer<RescueOptions>.Of(RescueOptions.Default),
        Layer<BreakerOptions>.Of(BreakerOptions.Default),
        Layer<SlowOptions>.Of(SlowOptions.Default));

    /// <summary>These, with what a section writes on top.</summary>
    public ModelDefaults With(ObjectReader section) => new(
        TimeoutsReader.Read(section.Field("timeouts"), Timeouts),
        RetryReader.Read(section.Field("retry"), Retry),
        RescueReader.Read(section.Field("rescue"), Rescue),
        BreakerReader.Read(section.Field("breaker"), Breaker),
        SlowReader.Read(section.Field("slow"), Slow));
}

/// <summary>Reads <c>defaults</c>.</summary>
internal static class DefaultsReader
{
    public static ModelDefaults Read(JsonCursor? at)
    {
        if (at is not { } here || ObjectReader.Open(here, "write { \"timeouts\": { \"total\": \"5m\" } }") is not { } section)
        {
            return ModelDefaults.BuiltIn;
        }

        var defaults = ModelDefaults.BuiltIn.With(section);
        section.Close();
        return defaults;
    }
}
