using Relay.V1;

namespace Relay.Cli.Server;

/// <summary>Breakers in words.</summary>
internal static class BreakerText
{
    /// <summary>Why it is as it is; a hold by hand says so.</summary>
    public static string Why(Breaker breaker) => breaker.Force switch
    {
        BreakerForce.Open => "held open by hand",
        BreakerForce.Closed => "held closed by hand",
        _ => Reason(breaker.Reason),
    };

    /// <summary>A reason of the API in words.</summary>
    public static string Reason(string reason) => reason switch
    {
        "none" => "never changed",
        "consecutive_failures" => "failures in a row",
        "failure_ratio" => "too many failures",
        "forced" => "by hand",
        "reset" => "reset by hand",
        _ => Printable.Text(reason).Replace('_', ' '),
    };
}
