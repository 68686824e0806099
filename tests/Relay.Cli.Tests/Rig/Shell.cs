using System.Net;
using System.Net.Sockets;
using Relay.Cli.Top;
using Relay.Gateway.Config;

namespace Relay.Cli.Tests.Rig;

/// <summary>Runs <c>relay</c> as a shell does.</summary>
internal static class Shell
{
    /// <summary>Runs it to its end.</summary>
    public static Task<(int Exit, string Output, string Errors)> RunAsync(params string[] args) => RunAsync(null, args);

    /// <summary>Runs it to its end, with a terminal.</summary>
    public static async Task<(int Exit, string Output, string Errors)> RunAsync(ITerminal? terminal, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var exit = await OnItsOwnThreadAsync(() => RelayCommand.Run(args, new ProcessEnvironment(), output, errors, TimeProvider.System, terminal));
        return (exit, output.ToString().ReplaceLineEndings("\n"), errors.ToString());
    }

    /// <summary>As a process's main thread: a command blocks it until it ends.</summary>
    public static Task<int> OnItsOwnThreadAsync(Func<int> command) =>
        Task.Factory.StartNew(command, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(Patience);

    /// <summary>Far longer than anything takes.</summary>
    public static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System).Token;

    /// <summary>A port where nothing listens, and nobody else will as long as it is held.</summary>
    public static (string Address, Socket Held) Nowhere()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (socket.LocalEndPoint!.ToString()!, socket);
    }
}
