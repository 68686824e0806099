using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Relay.Gateway.Tests.Kit;

/// <summary>A client that sends exactly the bytes a test wants.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    public NetworkStream Stream { get; private set; } = null!;

    public Socket Socket => _client.Client;

    public static async Task<RawClient> ConnectAsync(Uri url)
    {
        var raw = new RawClient();
        await raw._client.ConnectAsync(url.Host, url.Port);
        raw.Stream = raw._client.GetStream();
        return raw;
    }

    /// <summary>One request on a connection of its own; reads until the gateway closes.</summary>
    public static async Task<RawAnswer> ExchangeAsync(Uri url, ReadOnlyMemory<byte> request)
    {
        using var client = await ConnectAsync(url);
        await client.SendAsync(request);
        return await client.ReadToEndAsync();
    }

    /// <summary>A POST of these body bytes.</summary>
    public static Task<RawAnswer> PostAsync(Uri url, byte[] body, string headers = "", string path = "/v1/chat/completions") =>
        ExchangeAsync(url, Request(body, headers, path));

    public static byte[] Request(byte[] body, string headers = "", string path = "/v1/chat/completions") =>
    [
        .. Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n"),
        .. body,
    ];

    /// <summary>Sends; a gateway that has answered and closed already is no error.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await Stream.WriteAsync(bytes, Patience.Token);
        }
        catch (IOException)
        {
            // The answer tells why.
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task<RawAnswer> ReadToEndAsync() => RawAnswer.Parse(await DrainAsync());

    /// <summary>Reads until the gateway closes, whatever comes.</summary>
    public async Task<byte[]> DrainAsync()
    {
        var all = new MemoryStream();
        try
        {
            await Stream.CopyToAsync(all, Patience.Token);
        }
        catch (IOException)
        {
            // Reset after the answer.
        }

        return all.ToArray();
    }

    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>An answer as its bytes came.</summary>
internal sealed record RawAnswer(int Status, Dictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The error object, which must have OpenAI's four keys.</summary>
    public JsonElement Error
    {
        get
        {
            using var json = JsonDocument.Parse(Body);
            return ErrorShape.Check(json.RootElement.Clone());
        }
    }

    public static RawAnswer Parse(byte[] bytes)
    {
        var split = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        Assert.True(split > 0, "No answer came.");
        var lines = Encoding.ASCII.GetString(bytes.AsSpan(0, split)).Split("\r\n");
        var headers = lines[1..].Select(l => l.Split(": ", 2)).ToDictionary(p => p[0].ToLowerInvariant(), p => p[1]);
        var body = bytes[(split + 4)..];
        return new(int.Parse(lines[0].Split(' ')[1]), headers, headers.ContainsKey("transfer-encoding") ? Unchunk(body) : body);
    }

    private static byte[] Unchunk(ReadOnlySpan<byte> bytes)
    {
        var all = new MemoryStream(bytes.Length);
        while (bytes.IndexOf("\r\n"u8) is > 0 and var end)
        {
            var length = Convert.ToInt32(Encoding.ASCII.GetString(bytes[..end]), 16);
            bytes = bytes[(end + 2)..];
            all.Write(bytes[..Math.Min(length, bytes.Length)]);
            bytes = bytes[Math.Min(length + 2, bytes.Length)..];
        }

        return all.ToArray();
    }
}
