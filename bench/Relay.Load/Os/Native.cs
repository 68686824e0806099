using System.Runtime.InteropServices;

namespace Relay.Load.Os;

/// <summary>The two calls of the system that .NET does not offer: a signal to one process, and a sleep finer than a millisecond.</summary>
internal static partial class Native
{
    private const int Terminate = 15;

    /// <summary>Asks one process to end.</summary>
    public static void AskToEnd(int pid) => _ = Kill(pid, Terminate);

    /// <summary>Sleeps until a time of <see cref="Clock"/>, late by some tens of microseconds.</summary>
    public static void SleepUntil(long at)
    {
        for (long micros; (micros = Clock.Micros(Clock.Now, at)) > 0;)
        {
            var span = new Span { Seconds = micros / 1_000_000, Nanos = micros % 1_000_000 * 1_000 };
            _ = NanoSleep(in span, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NanoSleep(in Span wanted, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private struct Span
    {
        public long Seconds;
        public long Nanos;
    }
}
