using Relay.V1;

namespace Relay.Cli.Server;

/// <summary>The words of /api/v1 for the enums of stats.proto.</summary>
internal static class Words
{
    /// <summary>The windows, shortest first.</summary>
    public static readonly Window[] Windows = [Window._1M, Window._5M, Window._1H, Window._24H];

    /// <summary>A window's word.</summary>
    public static string Of(Window window) => window switch
    {
        Window._1M => "1m",
        Window._1H => "1h",
        Window._24H => "24h",
        _ => "5m",
    };

    /// <summary>A breaker state's word.</summary>
    public static string Of(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.Ramping => "ramping",
        BreakerState.HalfOpen => "half_open",
        BreakerState.Open => "open",
        _ => "unknown",
    };

    /// <summary>A decision's word.</summary>
    public static string Of(BreakerForce force) => force switch
    {
        BreakerForce.Open => "open",
        BreakerForce.Closed => "closed",
        _ => "none",
    };

    /// <summary>The word of what a story tells.</summary>
    public static string Of(Failover.Types.Kind kind) => kind == Failover.Types.Kind.Rescue ? "rescue" : "failover";
}
