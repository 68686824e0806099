using Relay.Core.Errors;
using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Tests.Kit;
using Relay.Grpc.Wire.Rpc;

namespace Relay.Grpc.Tests.Calls;

public sealed class StatusTests
{
    public static TheoryData<ErrorKind> Kinds => [.. ErrorTable.All.Select(row => row.Kind).Where(kind => kind != ErrorKind.None)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task EveryKind_HasTheTablesCodeAndNamesItselfInTheDetails(ErrorKind kind)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { FailKind = (int)kind, FailMessage = "It failed: 100 % of it, ünd\nmore." }));

        var row = ErrorTable.Of(kind);
        Assert.True(answer.IsTrailersOnly);
        Assert.Equal(200, answer.HttpStatus);
        Assert.Equal(row.GrpcStatus, (int)answer.Status);
        Assert.Equal("It failed: 100 % of it, ünd\nmore.", answer.Message);
        Assert.Equal(row.GrpcStatus, answer.Details!.Code);
        Assert.Equal(answer.Message, answer.Details.Message);
        Assert.Equal("relay", answer.ErrorInfo!.Domain);
        Assert.Equal(row.Label.ToUpperInvariant(), answer.ErrorInfo.Reason);
        Assert.Equal(row.Label, answer.ErrorInfo.Metadata["kind"]);
        Assert.Equal(row.OpenAiCode, answer.ErrorInfo.Metadata["code"]);
        Assert.Equal("text", answer.ErrorInfo.Metadata["param"]);
    }

    [Fact]
    public async Task RetryAfter_IsARetryInfo()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { FailKind = (int)ErrorKind.RateLimited, RetryAfterMs = 2_500 }));

        Assert.True(answer.Details!.Details[1].TryUnpack<RetryInfo>(out var retry));
        Assert.Equal(TimeSpan.FromMilliseconds(2_500), retry.RetryDelay.ToTimeSpan());
    }

    [Fact]
    public async Task MessageIsPercentEncodedAscii()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { FailKind = (int)ErrorKind.Internal, FailMessage = "50 % ü\r\n~" }));

        Assert.Equal("50 %25 %C3%BC%0D%0A~", answer.Headers["grpc-message"]);
    }

    [Fact]
    public async Task LongMessage_IsCutBetweenCharacters()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var message = new string('x', GrpcStatus.MaxMessageLength - 1) + "😀 and more";

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { FailKind = (int)ErrorKind.Internal, FailMessage = message }));

        Assert.Equal(message[..(GrpcStatus.MaxMessageLength - 1)], answer.Message);
    }

    [Fact]
    public async Task MessageOfManyBytes_LeavesTheDetailsOutRatherThanTheStatus()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var param = new string('語', 1_000);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { FailKind = (int)ErrorKind.Internal, FailMessage = param }));

        Assert.Equal(GrpcStatusCode.Internal, answer.Status);
        Assert.Equal(param, answer.Message);
    }

    [Fact]
    public async Task CrashOfAHandler_IsInternalAndTellsNothingOfTheRequest()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { Text = "prompt", Crash = true }));

        Assert.Equal(GrpcStatusCode.Internal, answer.Status);
        Assert.Equal("internal", answer.ErrorInfo!.Metadata["kind"]);
        var line = Assert.Single(host.Log.Lines);
        Assert.Contains("relay.tests.v1.Echo.Say", line, StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), line, StringComparison.Ordinal);
        Assert.DoesNotContain("prompt", line + answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/relay.tests.v1.Echo/Nothing", "The service relay.tests.v1.Echo has no such method")]
    [InlineData("/relay.tests.v1.Echo/Unserved", "The service relay.tests.v1.Echo has no such method")]
    [InlineData("/relay.tests.v1.echo/Say", "There is no such service")]
    [InlineData("/", "The path must be /package.Service/Method")]
    [InlineData("/a/b/c", "The path must be /package.Service/Method")]
    public async Task UnknownMethod_IsUnimplemented(string path, string message)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(path, RawGrpc.Frame([]));

        Assert.True(answer.IsTrailersOnly);
        Assert.Equal(GrpcStatusCode.Unimplemented, answer.Status);
        Assert.StartsWith(message, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Around_RefusesBeforeTheRequestIsRead()
    {
        await using var host = await EchoHost.StartAsync(around: (call, next) =>
            call.GetMetadata("authorization") == "Bearer sk-right" ? next() : throw new GrpcException(ErrorKind.Authentication, "No."));
        using var raw = new RawGrpc(host.Grpc);
        using var endless = new PiecesContent();

        // The body never ends, and is not waited for.
        var refused = await raw.SendAsync(RawGrpc.Request(RawGrpc.Say, endless));
        var taken = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]), ("authorization", "Bearer sk-right"));

        endless.End();
        Assert.Equal(GrpcStatusCode.Unauthenticated, refused.Status);
        Assert.Equal(GrpcStatusCode.Ok, taken.Status);
    }
}
