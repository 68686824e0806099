using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relay.Api.Tests;

/// <summary>Requests that HttpClient would not send.</summary>
internal static class RawHttp
{
    public static async Task<string> SendAsync(IPEndPoint to, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(to);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
