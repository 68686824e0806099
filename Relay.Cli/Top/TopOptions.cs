using Relay.Cli.Server;
using Relay.V1;

namespace Relay.Cli.Top;

/// <summary>What <c>relay top</c> was asked for.</summary>
internal sealed record TopOptions
{
    /// <summary>The shortest time between two pictures: 100 ms, the pace of the server.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest: 1 min.</summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromMinutes(1);

    /// <summary>Where Relay is. Default 127.0.0.1:8091.</summary>
    public ServerAddress Address { get; init; } = ServerAddress.Default;

    /// <summary>The span of the figures. Default 5m.</summary>
    public Window Window { get; init; } = Window._5M;

    /// <summary>What the models are sorted by. Default the requests.</summary>
    public SortBy Sort { get; init; } = SortBy.Requests;

    /// <summary>Only this model; null: all. Default null.</summary>
    public string? Model { get; init; }

    /// <summary>The least time between two pictures. Default 1 s, from 100 ms to 1 min.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);
}
