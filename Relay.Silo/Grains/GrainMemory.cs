namespace Relay.Silo.Grains;

/// <summary>All that a grain knows, when it moves to another silo.</summary>
/// <param name="History">Its figures.</param>
/// <param name="Gateways">The gateways that report to it; at most <see cref="GatewayReports.MaxGateways"/>.</param>
public sealed record GrainMemory(MeterHistory History, IReadOnlyList<GatewayMemory> Gateways)
{
    /// <summary>A target's: what an operator decided.</summary>
    public BreakerDecision Decision { get; init; }

    /// <summary>A target's: the latest changes of breakers.</summary>
    public IReadOnlyList<BreakerChange> Changes { get; init; } = [];

    /// <summary>A model's: the latest failovers and rescues.</summary>
    public IReadOnlyList<FailoverStory> Stories { get; init; } = [];
}

/// <summary>What a grain knows of one gateway.</summary>
/// <param name="Gateway">Its id.</param>
/// <param name="Highest">The highest sequence counted.</param>
/// <param name="Seen">Bit i is set when the sequence <c>Highest - i</c> was counted.</param>
/// <param name="First">The first sequence heard.</param>
/// <param name="IsWhole">What came before it was had as well.</param>
/// <param name="Active">What it has under way.</param>
/// <param name="Breaker">Its breaker; null for models.</param>
public sealed record GatewayMemory(string Gateway, long Highest, ulong Seen, long First, bool IsWhole, int Active, BreakerReport? Breaker);
