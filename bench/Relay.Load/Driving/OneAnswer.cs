using Relay.Load.Http;

namespace Relay.Load.Driving;

/// <summary>Asks once.</summary>
internal static class OneAnswer
{
    /// <summary>The length of a right answer's body. The first answers may differ, as an id in them grows by a digit.</summary>
    /// <exception cref="IOException">The answer is wrong.</exception>
    public static async Task<long> BytesAsync(Workload work)
    {
        using var connection = new RawConnection(work.Endpoint);
        var exchange = await connection.SendAsync(work.Requests[0]);
        return work.Fault(exchange, connection.Gauge) is { } fault ? throw new IOException($"The provider itself answers wrongly: {fault}") : exchange.Bytes;
    }
}
