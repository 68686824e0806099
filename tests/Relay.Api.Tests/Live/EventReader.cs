using System.IO.Compression;
using System.Text.Json;

namespace Relay.Api.Tests.Live;

/// <summary>Reads a stream of server-sent events, one by one.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage answer, Stream body)
    {
        Answer = answer;
        _lines = new StreamReader(body);
    }

    public HttpResponseMessage Answer { get; }

    public static async Task<EventReader> OpenAsync(RunningApi api, string query = "", string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/watch" + query);
        if (encoding is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        }

        var answer = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token);
        var body = await answer.Content.ReadAsStreamAsync(Patience.Token);
        return new EventReader(answer, answer.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(body, CompressionMode.Decompress) : body);
    }

    /// <summary>The lines of the next event or comment, joined; null at the end.</summary>
    public async Task<string?> NextAsync()
    {
        var lines = new List<string>();
        while (await _lines.ReadLineAsync(Patience.Token) is { } line)
        {
            if (line.Length == 0)
            {
                return string.Join('\n', lines);
            }

            lines.Add(line);
        }

        return lines.Count == 0 ? null : throw new InvalidDataException($"The stream ended within an event: {string.Join('\n', lines)}");
    }

    /// <summary>The next event, which must be a frame.</summary>
    public async Task<JsonElement> FrameAsync()
    {
        var lines = (await NextAsync())!.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
        using var json = JsonDocument.Parse(lines[1]["data: ".Length..]);
        var frame = json.RootElement.Clone();
        Assert.Equal($"id: {frame.GetProperty("sequence").GetUInt64()}", lines[0]);
        return frame;
    }

    public void Dispose()
    {
        _lines.Dispose();
        Answer.Dispose();
    }
}
