using Relay.Cli.Server;
using Relay.Cli.Top.Table;
using Relay.V1;

namespace Relay.Cli.Top.Live;

/// <summary>What the details show beside the figures.</summary>
/// <param name="About">The row that they are of.</param>
/// <param name="Breakers">The breakers behind it, with their pasts.</param>
/// <param name="Failovers">The latest ones, newest first.</param>
/// <param name="Problem">Why there is nothing of both, for people; null when there is.</param>
internal sealed record DetailStats(RowId About, IReadOnlyList<TargetBreaker> Breakers, IReadOnlyList<Failover> Failovers, string? Problem)
{
    /// <summary>The time between two questions: 2 s.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private const int MaxFailovers = 20;

    /// <summary>Asks again and again, until it is cancelled.</summary>
    public static async Task FollowAsync(StatsServer server, RowId about, Action<DetailStats> tell, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            tell(await AskAsync(server, about, cancellation));
            await Task.Delay(Every, time, cancellation);
        }
    }

    private static async Task<DetailStats> AskAsync(StatsServer server, RowId about, CancellationToken cancellation)
    {
        try
        {
            var breakers = await server.ListBreakersAsync(about.Target, cancellation);
            var request = about.Target.Length > 0 ? new ListFailoversRequest { Target = about.Target } : new ListFailoversRequest { Model = about.Model };
            request.Limit = MaxFailovers;
            var failovers = await server.ListFailoversAsync(request, cancellation);
            return new(about, breakers.Breakers, failovers.Failovers, null);
        }
        catch (ServerProblem problem)
        {
            return new(about, [], [], problem.Message);
        }
    }
}
