using System.Security.Cryptography;
using System.Text;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Auth;

public sealed class KeyTests
{
    private const string Key = "relay-key-of-alice";

    public static KeyOptions Alice { get; } = new() { Name = "alice", Sha256 = [.. SHA256.HashData(Encoding.UTF8.GetBytes(Key))] };

    [Theory]
    [InlineData(Key)]
    [InlineData(" " + Key + " ")]
    public async Task KnownKey_IsServedAndNamedInTheRecord(string sent)
    {
        await using var rig = await StartAsync(Alice);
        rig.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "bearer " + sent);

        Assert.Equal(200, (await rig.ChatAsync()).Status);
        Assert.Equal("alice", (await rig.Records.NextAsync()).Key);
    }

    [Theory]
    [InlineData("Bearer relay-key-of-bob", "invalid_api_key")]
    [InlineData("Bearer relay-key-of-alic", "invalid_api_key")]
    [InlineData("Bearer RELAY-KEY-OF-ALICE", "invalid_api_key")]
    [InlineData("Bearer ", "missing_api_key")]
    [InlineData("Basic YWxpY2U6eA==", "missing_api_key")]
    [InlineData("relay-key-of-alice", "missing_api_key")]
    [InlineData(null, "missing_api_key")]
    public async Task UnknownOrMissingKey_Gets401AndReachesNoProvider(string? authorization, string code)
    {
        await using var rig = await StartAsync(Alice);

        var answer = await PostAsync(rig, authorization);

        Assert.Equal((401, code), (answer.Status, answer.Error.GetProperty("code").GetString()));
        Assert.Equal(0, rig.Primary.Log.Total);
    }

    [Fact]
    public async Task OverlongKey_Gets401()
    {
        await using var rig = await StartAsync(Alice);

        Assert.Equal(401, (await PostAsync(rig, "Bearer " + new string('x', 10_000))).Status);
    }

    [Fact]
    public async Task TwoAuthorizationHeaders_Get401()
    {
        await using var rig = await StartAsync(Alice);

        Assert.Equal(401, (await PostAsync(rig, $"Bearer {Key}\r\nAuthorization: Bearer {Key}")).Status);
    }

    [Fact]
    public async Task ModelThatTheKeyMayNotUse_Gets403AndIsNotListed()
    {
        await using var rig = await StartAsync(Alice with { Models = ["other"] });
        rig.Client.DefaultRequestHeaders.Add("Authorization", "Bearer " + Key);

        var chat = await rig.ChatAsync();
        using var list = await rig.Client.GetAsync("/v1/models");
        using var one = await rig.Client.GetAsync("/v1/models/" + Rig.Model);

        Assert.Equal((403, "permission_denied"), (chat.Status, chat.ErrorCode));
        Assert.Equal("""{"object":"list","data":[]}""", await list.Content.ReadAsStringAsync());
        Assert.Equal(404, (int)one.StatusCode);
    }

    [Fact]
    public async Task ModelsList_NeedsAKeyToo()
    {
        await using var rig = await StartAsync(Alice);

        Assert.Equal(401, (int)(await rig.Client.GetAsync("/v1/models")).StatusCode);
    }

    [Theory]
    [InlineData("Host: evil.example")]
    [InlineData("Host: 127.0.0.1.evil.example:8080")]
    [InlineData("Host: 192.168.1.7")]
    [InlineData("Host: localhost\r\nOrigin: https://evil.example")]
    [InlineData("Host: localhost\r\nOrigin: null")]
    [InlineData("Host: localhost\r\nOrigin: http://localhost.evil.example")]
    public async Task WithoutKeys_ForeignHostOrOriginIsRefused(string headers)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        var answer = await SendAsync(rig, headers);

        Assert.Equal((403, "permission_denied"), (answer.Status, answer.Error.GetProperty("code").GetString()));
        Assert.Equal(0, rig.Primary.Log.Total);
    }

    [Theory]
    [InlineData("Host: localhost:8080")]
    [InlineData("Host: LOCALHOST")]
    [InlineData("Host: 127.0.0.1:1")]
    [InlineData("Host: [::1]:8080")]
    [InlineData("Host: localhost\r\nOrigin: http://localhost:3000")]
    [InlineData("Host: localhost\r\nOrigin: http://127.0.0.1")]
    public async Task WithoutKeys_LocalHostAndOriginAreServed(string headers)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1 });

        Assert.Equal(200, (await SendAsync(rig, headers)).Status);
    }

    internal static Task<Rig> StartAsync(KeyOptions key) => Rig.StartAsync(new RigOptions { Simulators = 1, Config = c => c with { Keys = [key] } });

    private static Task<RawAnswer> PostAsync(Rig rig, string? authorization) =>
        SendAsync(rig, "Host: localhost" + (authorization is null ? "" : "\r\nAuthorization: " + authorization));

    private static Task<RawAnswer> SendAsync(Rig rig, string headers)
    {
        var body = Rig.Body();
        return RawClient.ExchangeAsync(rig.Gateway.Url, Encoding.Latin1.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\n{headers}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
    }
}
