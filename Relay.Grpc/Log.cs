using Microsoft.Extensions.Logging;

namespace Relay.Grpc;

/// <summary>Every event that gRPC logs. Ids 4000 to 4099. No text of a message ever goes into one.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Error, "gRPC call of {Method} failed inside Relay: {Error} {Place}")]
    public static partial void CallFailed(ILogger logger, string method, string error, string place);
}
