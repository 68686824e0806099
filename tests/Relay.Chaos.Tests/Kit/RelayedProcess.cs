using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relay.Chaos.Tests.Kit;

/// <summary>A program of this solution as a process of its own, which a test can kill as a machine would.</summary>
internal sealed class RelayedProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _readyMark;

    private RelayedProcess(Process process, string readyMark)
    {
        _process = process;
        _readyMark = readyMark;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"{process.StartInfo.Arguments} ended: {Output}"));
    }

    /// <summary>All that it printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program and returns when it says that it is ready.</summary>
    public static async Task<RelayedProcess> StartAsync(string dll, string readyMark, params string[] arguments)
    {
        var process = new Process { StartInfo = Info(dll, arguments), EnableRaisingEvents = true };
        var started = new RelayedProcess(process, readyMark);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await started._ready.Task.WaitAsync(StartLimit, TimeProvider.System);
        return started;
    }

    public static Task<RelayedProcess> StartProviderAsync(string name, int port, string firstToken = "20") => StartAsync(
        "Relay.Simulator.dll", "http://", "--name", name, "--port", port.ToString(), "--first-token-ms", firstToken, "--token-ms", "5", "--words", "40");

    /// <summary>The end without warning: SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static ProcessStartInfo Info(string dll, string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, dll));
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return info;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line.Contains(_readyMark, StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }
}
