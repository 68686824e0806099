namespace Relay.Simulation.Time;

/// <summary>
/// Runs what stands for the world outside (networks, clients, grains) without the run's context: there, what continues after an await
/// does so at once, on the thread of the run, also inside the framework's own methods, which never ask for a context.
/// </summary>
internal static class Outside
{
    /// <summary>Starts a piece of the world.</summary>
    public static TResult Run<TState, TResult>(TState state, Func<TState, TResult> start)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return start(state);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
