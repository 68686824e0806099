using System.Net;
using Google.Protobuf;
using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Tests.Kit;

namespace Relay.Grpc.Tests.Calls;

/// <summary>Bytes that no client library sends. Each answer names what is wrong, and the connection goes on.</summary>
public sealed class MalformedTests
{
    private static readonly byte[] Good = RawGrpc.Frame(new EchoRequest { Text = "good" });

    public static TheoryData<string, byte[], GrpcStatusCode, string> Bodies => new()
    {
        { "nothing", [], GrpcStatusCode.Unimplemented, "exactly one message; none came" },
        { "half a head", [0, 0, 0], GrpcStatusCode.Internal, "ends within a message" },
        { "half a message", Good[..^1], GrpcStatusCode.Internal, "ends within a message" },
        { "two messages", [.. Good, .. Good], GrpcStatusCode.Unimplemented, "more than one came" },
        { "a message and a bit", [.. Good, 0], GrpcStatusCode.Unimplemented, "more than one came" },
        { "unknown flag", RawGrpc.Frame([], flag: 2), GrpcStatusCode.Internal, "first byte of a message is 2" },
        { "compressed without an encoding", RawGrpc.Frame(RawGrpc.Gzip([]), flag: 1), GrpcStatusCode.Internal, "grpc-encoding names no compression" },
        { "no protobuf", RawGrpc.Frame([0xff, 0xff, 0xff]), GrpcStatusCode.Internal, "cannot be read as the method's request type" },
        { "cut protobuf", RawGrpc.Frame([0x0a, 0x05, 0x41]), GrpcStatusCode.Internal, "cannot be read as the method's request type" },
        { "group end without start", RawGrpc.Frame([0x0c]), GrpcStatusCode.Internal, "cannot be read as the method's request type" },
        { "length over the limit", RawGrpc.Frame([], length: GrpcOptions.DefaultMaxRequestBytes + 1), GrpcStatusCode.ResourceExhausted, "larger than 33554432 bytes" },
        { "largest length", RawGrpc.Frame([], length: uint.MaxValue), GrpcStatusCode.ResourceExhausted, "larger than 33554432 bytes" },
        { "length below zero", RawGrpc.Frame([], length: 0x80000000), GrpcStatusCode.ResourceExhausted, "larger than 33554432 bytes" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_IsRefusedAndTheConnectionGoesOn(string what, byte[] body, GrpcStatusCode status, string message)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        foreach (var path in new[] { RawGrpc.Say, RawGrpc.Count })
        {
            var answer = await raw.CallAsync(path, body);
            Assert.True(answer.IsTrailersOnly, what);
            Assert.Equal(status, answer.Status);
            Assert.Contains(message, answer.Message, StringComparison.Ordinal);
        }

        Assert.Equal(GrpcStatusCode.Ok, (await raw.CallAsync(RawGrpc.Say, Good)).Status);
        Assert.Empty(host.Log.Lines);
    }

    [Fact]
    public async Task NestingWithoutEnd_IsRefused()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        // Groups of an unknown field, one within the other.
        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([.. Enumerable.Repeat((byte)0x7b, 100_000)]));

        Assert.Equal(GrpcStatusCode.Internal, answer.Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc+json")]
    [InlineData("application/grpcx")]
    public async Task OtherContentType_IsUnsupported(string? contentType)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var request = RawGrpc.Request(RawGrpc.Say, new ByteArrayContent(Good));
        request.Content!.Headers.Remove("content-type");
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        }

        var answer = await raw.SendAsync(request);

        Assert.Equal(415, answer.HttpStatus);
        Assert.Equal(GrpcStatusCode.Internal, answer.Status);
        Assert.Contains("application/grpc", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherMethodThanPost_IsNotAllowed()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var request = new HttpRequestMessage(HttpMethod.Get, RawGrpc.Say) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        var answer = await raw.SendAsync(request);

        Assert.Equal(405, answer.HttpStatus);
        Assert.Equal("POST", answer.Headers["allow"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData("1S1S")]
    public async Task Timeout_OfAnotherFormIsRefused(string timeout)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, Good, ("grpc-timeout", timeout));

        Assert.Equal(GrpcStatusCode.InvalidArgument, answer.Status);
        Assert.Contains("grpc-timeout", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RandomBytes_AlwaysGetAStatus()
    {
        var random = new Random(20_260_101);
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        for (var i = 0; i < 500; i++)
        {
            var body = RawGrpc.Frame(new EchoRequest { Text = "some text", Data = ByteString.CopyFrom(1, 2, 3) });
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var answer = await raw.CallAsync(RawGrpc.Say, body, ("grpc-encoding", "gzip"));

            // Held, deaf and failing calls can come out too; a crash of ours must not.
            Assert.True(answer.Headers.ContainsKey("grpc-status") || answer.Trailers.ContainsKey("grpc-status"), $"{i}: {Convert.ToHexString(body)}");
        }

        Assert.Empty(host.Log.Lines);
    }
}
