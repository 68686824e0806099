using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Relay.Gateway.Tests.Kit;

/// <summary>A small HTTP proxy: CONNECT for https, whole URLs for http; keeps the heads that it was sent.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private readonly RawServer _server;
    private readonly ConcurrentQueue<string> _heads = new();

    /// <summary>Starts it.</summary>
    /// <param name="answer">Says what comes instead of a tunnel for this head, in bytes; null: the tunnel.</param>
    public TestProxy(Func<string, string?>? answer = null) => _server = new RawServer((stream, stopped) => ServeAsync(stream, answer, stopped));

    public Uri Url => new($"http://{_server.EndPoint}/");

    /// <summary>The heads so far.</summary>
    public string[] Heads => [.. _heads];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream stream, Func<string, string?>? answer, CancellationToken stopped)
    {
        var head = await ReadHeadAsync(stream, stopped);
        if (head.Length == 0)
        {
            return;
        }

        _heads.Enqueue(head);
        if (answer?.Invoke(head) is { } instead)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(instead), stopped);
            if (instead.Length == 0)
            {
                _ = await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, stopped);
            }

            return;
        }

        var target = head.Split(' ')[1];
        if (head.StartsWith("CONNECT ", StringComparison.Ordinal))
        {
            await stream.WriteAsync("HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n"u8.ToArray(), stopped);
            await RawServer.JoinAsync(stream, new Uri("http://" + target), stopped);
            return;
        }

        // One request a connection: its own head first, then whatever follows.
        var url = new Uri(target);
        var passed = head.Replace(url.GetLeftPart(UriPartial.Authority), "", StringComparison.Ordinal).Replace("\r\nHost:", "\r\nConnection: close\r\nHost:", StringComparison.Ordinal);
        await RawServer.JoinAsync(stream, url, stopped, Encoding.Latin1.GetBytes(passed));
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream, CancellationToken stopped)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stopped) == 0)
            {
                return "";
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
