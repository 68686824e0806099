using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relay.Cluster.Tests.Kit;

/// <summary>One process of a cluster, which a test can end gently or as a machine would.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private const int FirstPort = 15_000;
    private const int Ports = 15_000;

    /// <summary>Runs that follow each other begin elsewhere: a port that was closed just now may still be waited on.</summary>
    private static int _lastPort = Environment.ProcessId * 64;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ClusterProcess(string name, Process process, Uri url)
    {
        (Name, _process, Url) = (name, process, url);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    public string Name { get; }

    /// <summary>Where it answers HTTP.</summary>
    public Uri Url { get; }

    public int Id => _process.Id;

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The end of what it printed.</summary>
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

    /// <summary>Starts a program; it may not answer yet.</summary>
    public static ClusterProcess Start(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Uri url)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in environment)
        {
            info.Environment[key] = value;
        }

        var started = new ClusterProcess(name, new Process { StartInfo = info }, url);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>A port that nobody listens on now, below those that the system gives to outgoing connections: none of them takes it before it is used.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref _lastPort) % Ports);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's; the next one.
            }
        }
    }

    /// <summary>Waits until it is ready.</summary>
    public Task ReadyAsync() => Eventually.TrueAsync($"{Name} is ready", async () =>
    {
        Assert.False(_process.HasExited, $"{Name} ended:\n{Output}");
        return (await ReadinessAsync()).IsReady;
    }, () => Output);

    /// <summary>What it says of its readiness.</summary>
    public async Task<(bool IsReady, string Text)> ReadinessAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Url, "readyz"));
            return (answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (false, e.GetType().Name);
        }
    }

    /// <summary>The end without warning: SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    public async Task StopAsync()
    {
        Signal();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        Assert.True(_process.ExitCode == 0, $"{Name} ended with {_process.ExitCode}:\n{Output}");
    }

    /// <summary>SIGTERM.</summary>
    public void Signal()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
            if (_output.Length > 40_000)
            {
                _output.Remove(0, 20_000);
            }
        }
    }
}
