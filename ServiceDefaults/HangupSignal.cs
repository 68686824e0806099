using System.Runtime.InteropServices;

namespace Relay.ServiceDefaults;

/// <summary>
/// SIGHUP as daemons use it: read the configuration again. In a terminal the same signal says that the terminal is gone, and there it
/// keeps ending the process.
/// </summary>
public static class HangupSignal
{
    /// <summary>Calls back at each SIGHUP until disposed; null, and nothing changes, where standard input is a terminal.</summary>
    /// <param name="callback">Called on any thread.</param>
    public static IDisposable? Listen(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return !Console.IsInputRedirected ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            callback();
        });
    }
}
