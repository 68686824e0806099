using System.Net;
using System.Text;
using System.Text.Json;

namespace Relay.Load.Http;

/// <summary>Requests as bytes on the wire, made once.</summary>
internal static class RequestText
{
    /// <summary>A chat completion request of about 1 KB, as a client with a short conversation sends it.</summary>
    public static byte[] Chat(string model, bool stream, int bodyBytes = 1024)
    {
        var filler = "";
        byte[] body = [];
        for (var pass = 0; pass < 2; pass++)
        {
            var request = new Dictionary<string, object>
            {
                ["model"] = model,
                ["messages"] = new[]
                {
                    new { role = "system", content = "You answer in one paragraph." + filler },
                    new { role = "user", content = "How does a gateway measure what it adds?" },
                },
                ["temperature"] = 0.2,
                ["stream"] = stream,
            };
            body = JsonSerializer.SerializeToUtf8Bytes(request);
            filler = " " + string.Join(' ', Enumerable.Repeat("context", Math.Max(0, bodyBytes - body.Length) / 8));
        }

        return body;
    }

    /// <summary>A POST with that body.</summary>
    public static byte[] Post(Uri url, IEnumerable<KeyValuePair<string, string>> headers, byte[] body)
    {
        var head = new StringBuilder($"POST {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        head.Append($"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. body];
    }

    /// <summary>Where a URL's server listens; only addresses and localhost, so that no name is looked up while measuring.</summary>
    public static IPEndPoint Endpoint(Uri url) =>
        new(url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(url.Host), url.Port);
}
