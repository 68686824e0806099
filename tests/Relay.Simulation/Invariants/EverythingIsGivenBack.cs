namespace Relay.Simulation.Invariants;

/// <summary>Nothing leaks.</summary>
internal sealed class EverythingIsGivenBack(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "When all requests are through, nothing is counted as under way, every provider's answer has been let go of, and no timer is armed.";

    /// <inheritdoc/>
    public override void RunIsOver()
    {
        foreach (var gateway in World.Gateways)
        {
            Must(gateway.Inside == 0, $"{gateway.Inside} requests inside g{gateway.Index}");
            var table = gateway.Routing.Current;
            foreach (var model in table.Models.Values)
            {
                Must(model.Meter.Active == 0, $"{model.Meter.Active} requests of {model.Name} under way at g{gateway.Index}");
            }

            foreach (var state in table.States.Values)
            {
                Must(state.Meter.Active == 0, $"{state.Meter.Active} attempts at {state.Name} under way at g{gateway.Index}");
            }

            Must(gateway.Routing.Draining == 0, $"{gateway.Routing.Draining} old tables at g{gateway.Index}");
        }

        foreach (var book in World.Referee.Books)
        {
            var open = book.Attempts.Find(a => a.IsOpen);
            Must(open is null, $"the answer of t{open?.Target.Index} ({open?.Fault}) is held for ever", book);
        }
    }

    /// <inheritdoc/>
    public override void GatewaysAreStopped() => Must(World.Time.ArmedTimers == 0, $"{World.Time.ArmedTimers} timers armed");
}
