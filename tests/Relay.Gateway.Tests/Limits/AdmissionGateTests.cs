using Relay.Gateway.Admission;

namespace Relay.Gateway.Tests.Limits;

/// <summary>The gate by itself, with threads that meet in it.</summary>
public sealed class AdmissionGateTests
{
    private const int Phases = 20_000;

    [Fact]
    public async Task RequestThatIsRefused_StandsInNobodysWay()
    {
        var gate = new AdmissionGate(TimeProvider.System);
        var mine = new bool[Phases];
        var theirs = new bool[Phases];
        using var phase = new Barrier(2);
        Assert.Null(gate.TryEnter(null, 1));

        // One place: its holder leaves and comes back, while another one tries. Whoever is refused, the other one is inside.
        var other = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Phases; i++)
                {
                    phase.SignalAndWait();
                    theirs[i] = gate.TryEnter(null, 1) is null;
                    phase.SignalAndWait();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        for (var i = 0; i < Phases; i++)
        {
            phase.SignalAndWait();
            gate.Leave();
            mine[i] = gate.TryEnter(null, 1) is null;
            phase.SignalAndWait();
        }

        await other;
        Assert.Equal(1, gate.Inside);
        Assert.DoesNotContain(Enumerable.Range(0, Phases), i => mine[i] == theirs[i]);
    }
}
