using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Limits;

/// <summary>Waits until the gateway itself has let go of all: a client sees the end of its answer or connection a moment before.</summary>
internal static class Free
{
    /// <summary>No request is inside.</summary>
    public static async Task RequestsAsync(Rig rig)
    {
        var gate = rig.Gateway.Gate;
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gate.Left += Look;
        Look();
        await free.Task.WaitAsync(Patience.Token);
        gate.Left -= Look;

        void Look()
        {
            if (gate.Inside == 0)
            {
                free.TrySetResult();
            }
        }
    }

    /// <summary>No connection is open.</summary>
    public static async Task ConnectionsAsync(Rig rig)
    {
        var limit = rig.Gateway.Connections;
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        limit.Closed += Look;
        Look();
        await free.Task.WaitAsync(Patience.Token);
        limit.Closed -= Look;

        void Look()
        {
            if (limit.Open == 0)
            {
                free.TrySetResult();
            }
        }
    }
}
