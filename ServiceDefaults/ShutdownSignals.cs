using System.Runtime.InteropServices;

namespace Relay.ServiceDefaults;

/// <summary>Turns the first Ctrl+C, SIGTERM or SIGQUIT into a token, so that the composition root can stop its parts in order. The second one ends the process at once, as if nobody listened.</summary>
public sealed class ShutdownSignals : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT];

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _seen;

    /// <summary>Starts to listen.</summary>
    public ShutdownSignals() => _registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.Exchange(ref _seen, 1) == 0)
        {
            context.Cancel = true;
            _source.Cancel();
        }
    }
}
