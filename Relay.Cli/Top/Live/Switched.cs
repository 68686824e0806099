namespace Relay.Cli.Top.Live;

/// <summary>Work that goes on for one thing at a time: switching to another thing ends it and begins anew. Not thread-safe.</summary>
/// <param name="work">The work for a thing, until it is cancelled.</param>
internal sealed class Switched<T>(Func<T, CancellationToken, Task> work) : IAsyncDisposable
    where T : class
{
    private readonly EqualityComparer<T?> _same = EqualityComparer<T?>.Default;
    private T? _thing;
    private CancellationTokenSource? _end;
    private Task _running = Task.CompletedTask;

    /// <summary>Goes over to another thing; null ends the work. Does nothing when it is the same.</summary>
    public void To(T? thing)
    {
        if (_same.Equals(thing, _thing))
        {
            return;
        }

        _thing = thing;
        _end?.Cancel();
        _end = thing is null ? null : new CancellationTokenSource();
        _running = thing is null ? _running : RunAsync(_running, thing, _end!);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _end?.Cancel();
        await _running;
    }

    /// <summary>The work before has ended when the next begins, so that only one tells news.</summary>
    private async Task RunAsync(Task before, T thing, CancellationTokenSource end)
    {
        await before;
        using (end)
        {
            try
            {
                await work(thing, end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // That is how it ends.
            }
        }
    }
}
