using System.Runtime.InteropServices;

namespace Relay.Load.Probe;

/// <summary>What a .NET process says of its own memory, written to a small file ten times a second: cheap enough to stay on while measuring.</summary>
internal static class GcProbe
{
    /// <summary>The variable with the file's path.</summary>
    public const string Variable = "RELAY_LOAD_PROBE";

    /// <summary>The time between two writes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private static ITimer? _timer;

    /// <summary>In the measured process: writes from now on.</summary>
    public static void Start()
    {
        if (_timer is not null || Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            return;
        }

        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        _timer = TimeProvider.System.CreateTimer(_ => Write(file), null, TimeSpan.Zero, Interval);
    }

    /// <summary>In the driver: the last figures; null before the first.</summary>
    public static GcFigures? Read(string path)
    {
        Span<GcFigures> figures = stackalloc GcFigures[1];
        var bytes = MemoryMarshal.AsBytes(figures);
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return RandomAccess.Read(file, bytes, 0) == bytes.Length ? figures[0] : null;
    }

    private static void Write(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        Span<GcFigures> figures =
        [
            new GcFigures(
                GC.GetTotalAllocatedBytes(),
                GC.CollectionCount(0),
                GC.CollectionCount(1),
                GC.CollectionCount(2),
                (long)GC.GetTotalPauseDuration().TotalMicroseconds,
                GC.GetTotalMemory(forceFullCollection: false)),
        ];
        RandomAccess.Write(file, MemoryMarshal.AsBytes(figures), 0);
    }
}

/// <summary>The garbage collector's figures since the process's start.</summary>
/// <param name="AllocatedBytes">Bytes allocated.</param>
/// <param name="Gen0">Collections of generation 0 and above.</param>
/// <param name="Gen1">Collections of generation 1 and above.</param>
/// <param name="Gen2">Collections of generation 2.</param>
/// <param name="PauseMicros">Time that all threads were paused.</param>
/// <param name="HeapBytes">Live and not yet collected bytes.</param>
internal readonly record struct GcFigures(long AllocatedBytes, long Gen0, long Gen1, long Gen2, long PauseMicros, long HeapBytes);
