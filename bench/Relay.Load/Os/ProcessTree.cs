using System.Globalization;

namespace Relay.Load.Os;

/// <summary>What the operating system says of a process and its children (proc(5)); nginx does its work in children.</summary>
internal sealed class ProcessTree
{
    // USER_HZ, which is 100 on every Linux that .NET runs on.
    private const long MicrosPerTick = 10_000;

    private readonly int[] _pids;

    /// <summary>Finds the children once; the servers measured here start them before they are ready.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="children">Its children count too. Not for the driver, whose children are the servers.</param>
    public ProcessTree(int pid, bool children = true) => _pids = children ? [pid, .. ChildrenOf(pid)] : [pid];

    /// <summary>Processor time used so far, user and system, in microseconds. Its resolution is 10 ms.</summary>
    public long CpuMicros => _pids.Sum(pid => Stat(pid) is { } stat ? (Number(stat, 11) + Number(stat, 12)) * MicrosPerTick : 0);

    /// <summary>Resident memory in KB, summed over the processes.</summary>
    public long ResidentKb => _pids.Sum(pid => Status(pid, "VmRSS:"));

    /// <summary>The highest resident memory so far in KB, summed over the processes.</summary>
    public long PeakKb => _pids.Sum(pid => Status(pid, "VmHWM:"));

    /// <summary>Threads.</summary>
    public long Threads => _pids.Sum(pid => Status(pid, "Threads:"));

    /// <summary>Open handles.</summary>
    public int Handles => _pids.Sum(pid => Try(() => Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length));

    private static IEnumerable<int> ChildrenOf(int parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where char.IsAsciiDigit(name[0])
        let pid = int.Parse(name, CultureInfo.InvariantCulture)
        where Stat(pid) is { } stat && Number(stat, 1) == parent
        select pid;

    /// <summary>The fields after the program's name, which may itself hold blanks: the state is field 0.</summary>
    private static string[]? Stat(int pid)
    {
        var text = Try(() => File.ReadAllText($"/proc/{pid}/stat"));
        return text?[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static long Number(string[] stat, int field) => long.Parse(stat[field], CultureInfo.InvariantCulture);

    private static long Status(int pid, string name)
    {
        var line = Try(() => File.ReadAllLines($"/proc/{pid}/status"))?.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>A process may end between two looks at it.</summary>
    private static T? Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
