using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Silo.Orleans.Wire;

/// <summary>A request that went from one target to another, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.story")]
public sealed record StoryWire(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] int Kind,
    [property: Id(2)] string Model,
    [property: Id(3)] string RequestId,
    [property: Id(4)] string From,
    [property: Id(5)] string To,
    [property: Id(6)] int? Error,
    [property: Id(7)] TimeSpan After,
    [property: Id(8)] bool Succeeded)
{
    /// <summary>Packs it.</summary>
    public static StoryWire Of(FailoverStory plain) =>
        new(plain.At, (int)plain.Kind, plain.Model, plain.RequestId, plain.From, plain.To, (int?)plain.Error, plain.After, plain.Succeeded);

    /// <summary>It.</summary>
    public FailoverStory ToPlain() => new(
        At, BreakerWire.Known((FailoverKind)Kind), Model, RequestId, From, To, Error is { } error ? BreakerWire.Known((ErrorKind)error) : null, After, Succeeded);
}
