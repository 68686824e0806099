namespace Relay.Core.Routing;

/// <summary>The order of the configuration: that of the indices.</summary>
internal static class PriorityStrategy
{
    public static void Order(Span<byte> order) => order.Sort();
}
