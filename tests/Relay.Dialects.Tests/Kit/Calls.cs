using Relay.Gateway.Dialects;

namespace Relay.Dialects.Tests.Kit;

/// <summary>Calls of providers, with the same id and time always.</summary>
internal static class Calls
{
    public const long Created = 1_700_000_000;

    public static UpstreamCall To(string model, bool stream = false) => new(model, stream, "req1", Created);
}
