namespace Relay.Load.Driving;

/// <summary>
/// Makes this process's sockets one event loop: answers are handled on the thread that polls the sockets, without a hand-over to the thread
/// pool, whose threads spin while they wait for work and would take the processor from the servers under test.
/// </summary>
internal static class DriverRuntime
{
    /// <summary>What the runtime's sockets read, once, before the first socket is opened.</summary>
    public static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
    };

    /// <summary>Call before any socket is opened; servers that are started must not inherit it.</summary>
    public static void Configure()
    {
        foreach (var (name, value) in Variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
