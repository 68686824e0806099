namespace Relay.Grpc.Tests.Kit;

/// <summary>Something that happens once, and that a test waits for.</summary>
internal sealed class Signal
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set() => _done.TrySetResult();

    public Task WaitAsync() => _done.Task.WaitAsync(Patience.Token);
}
