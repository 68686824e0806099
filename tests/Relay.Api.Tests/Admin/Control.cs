using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Api.Tests.Admin;

/// <summary>Calls that change something.</summary>
internal static class Control
{
    public const string Token = "an-admin-token-of-tests";

    public static byte[] Digest => SHA256.HashData(Encoding.UTF8.GetBytes(Token));

    public static Task<RunningApi> StartAsync(CapturedLog? log = null) => RunningApi.StartAsync(configure: o => o with { AdminTokenSha256 = () => Digest }, log: log);

    public static async Task<HttpResponseMessage> PutAsync(
        RunningApi api, string target, string body, string? token = Token, string method = "PUT", string? type = "application/json", string? origin = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/breakers/{target}");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        return await api.Client.SendAsync(request);
    }
}
