namespace Relay.Load;

/// <summary>Waits.</summary>
internal static class Wait
{
    /// <summary>Until the token is cancelled.</summary>
    public static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(stopped.SetResult))
        {
            await stopped.Task;
        }
    }

    /// <summary>For a while.</summary>
    public static Task ForAsync(TimeSpan span, CancellationToken stop) => Task.Delay(span, TimeProvider.System, stop);
}
