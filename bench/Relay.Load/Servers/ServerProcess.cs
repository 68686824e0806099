using System.Diagnostics;
using Relay.Load.Driving;
using Relay.Load.Os;

namespace Relay.Load.Servers;

/// <summary>How a server is started.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="File">The program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ServerStart(string Name, string File, params string[] Arguments)
{
    /// <summary>Extra environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The working folder; null: the driver's.</summary>
    public string? Folder { get; init; }
}

/// <summary>A server as a process of its own, ended by its process id.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int TailLines = 40;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Queue<string> _tail = [];
    private readonly Lock _gate = new();
    private Action<string>? _onLine;

    private ServerProcess(Process process, string name)
    {
        _process = process;
        Name = name;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts a server that prints a line when it is ready.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="ready">Makes something of the ready line; null for every other line.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<(ServerProcess Server, T Ready)> StartAsync<T>(ServerStart start, Func<string, T?> ready, CancellationToken stop)
        where T : class
    {
        var found = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = Launch(start);
        server._onLine = line =>
        {
            if (ready(line) is { } value)
            {
                found.TrySetResult(value);
            }
        };
        server.Listen();
        try
        {
            await Task.WhenAny(found.Task, server._process.WaitForExitAsync(stop)).WaitAsync(StartLimit, TimeProvider.System, stop);
            return found.Task.IsCompleted ? (server, await found.Task) : throw new IOException("it ended");
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            await server.DisposeAsync();
            throw new IOException($"{start.Name} did not start: {e.Message}\n{server.Tail()}", e);
        }
    }

    /// <summary>Starts a server that says nothing; it is ready when the port takes connections.</summary>
    public static async Task<ServerProcess> StartAsync(ServerStart start, int port, CancellationToken stop)
    {
        var server = Launch(start);
        server.Listen();
        var until = Clock.Now + Clock.Ticks(StartLimit);
        while (!await Accepts(port))
        {
            if (server._process.HasExited || Clock.Now > until)
            {
                await server.DisposeAsync();
                throw new IOException($"{start.Name} did not start.\n{server.Tail()}");
            }

            await Wait.ForAsync(TimeSpan.FromMilliseconds(50), stop);
        }

        return server;
    }

    /// <summary>The last lines that it printed.</summary>
    public string Tail()
    {
        lock (_gate)
        {
            return string.Join('\n', _tail);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Native.AskToEnd(_process.Id);
            try
            {
                await _process.WaitForExitAsync().WaitAsync(EndLimit, TimeProvider.System);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static ServerProcess Launch(ServerStart start)
    {
        var info = new ProcessStartInfo(start.File, start.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = start.Folder ?? "",
        };
        foreach (var name in DriverRuntime.Variables.Keys)
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        try
        {
            return new(Process.Start(info)!, start.Name);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"{start.Name} did not start: {start.File}: {e.Message}", e);
        }
    }

    private void Listen()
    {
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }

        _onLine?.Invoke(line);
    }

    private static async Task<bool> Accepts(int port)
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(System.Net.IPAddress.Loopback, port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
