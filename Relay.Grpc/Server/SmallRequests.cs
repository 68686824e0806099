namespace Relay.Grpc.Server;

/// <summary>Health and reflection are asked without a key, and with a name at most: nobody may make the server keep more than that.</summary>
internal static class SmallRequests
{
    /// <summary>The largest request message: 4 KiB.</summary>
    public const int MaxBytes = 4 * 1024;

    /// <summary>What happens around their calls.</summary>
    public static ValueTask Around(GrpcCall call, Func<ValueTask> next)
    {
        call.MaxRequestBytes = Math.Min(call.MaxRequestBytes, MaxBytes);
        return next();
    }
}
