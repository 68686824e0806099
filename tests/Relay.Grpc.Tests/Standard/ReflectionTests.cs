using Google.Protobuf.Reflection;
using Relay.Grpc.Tests.Kit;
using Relay.Grpc.Wire.Reflection;
using Answered = Relay.Grpc.Wire.Reflection.ServerReflectionResponse.MessageResponseOneofCase;

namespace Relay.Grpc.Tests.Standard;

public sealed class ReflectionTests
{
    private const string Path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private const string AlphaPath = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

    [Theory]
    [InlineData(Path)]
    [InlineData(AlphaPath)]
    public async Task Services_AreListed(string path)
    {
        var answer = await AskAsync(new() { ListServices = "*", Host = "some-host" }, path);

        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "relay.tests.v1.Echo"],
            answer.ListServicesResponse.Service.Select(service => service.Name));
        Assert.Equal("some-host", answer.ValidHost);
        Assert.Equal("*", answer.OriginalRequest.ListServices);
    }

    [Theory]
    [InlineData("relay.tests.v1.Echo")]
    [InlineData("relay.tests.v1.Echo.Say")]
    [InlineData("relay.tests.v1.EchoRequest")]
    [InlineData(".relay.tests.v1.EchoRequest")]
    [InlineData("relay.tests.v1.EchoRequest.text")]
    public async Task Symbol_IsFoundInItsFile(string symbol)
    {
        var answer = await AskAsync(new() { FileContainingSymbol = symbol });

        var file = FileDescriptorProto.Parser.ParseFrom(Assert.Single(answer.FileDescriptorResponse.FileDescriptorProto));
        Assert.Equal("echo.proto", file.Name);
        Assert.Contains(file.Service, service => service.Name == "Echo");
    }

    [Theory]
    [InlineData("grpc.health.v1.HealthCheckResponse.ServingStatus")]
    [InlineData("grpc.health.v1.HealthCheckResponse.NOT_SERVING")]
    public async Task SymbolWithinAMessage_IsFound(string symbol)
    {
        var answer = await AskAsync(new() { FileContainingSymbol = symbol });

        Assert.Equal("grpc/health/v1/health.proto", FileDescriptorProto.Parser.ParseFrom(answer.FileDescriptorResponse.FileDescriptorProto[0]).Name);
    }

    [Fact]
    public async Task File_ComesWithAllThatItImports()
    {
        await using var host = await EchoHost.StartAsync(extra: new GrpcService(V1.ChatReflection.Descriptor.Services[0]));
        var answer = await AskAsync(host, new() { FileByFilename = "relay/v1/chat.proto" }, Path);

        Assert.Equal(
            ["relay/v1/chat.proto", "google/protobuf/struct.proto", "google/protobuf/timestamp.proto", "relay/v1/tokens.proto"],
            answer.FileDescriptorResponse.FileDescriptorProto.Select(file => FileDescriptorProto.Parser.ParseFrom(file).Name));
    }

    [Fact]
    public async Task ImportedFile_IsFoundByItself()
    {
        await using var host = await EchoHost.StartAsync(extra: new GrpcService(V1.ChatReflection.Descriptor.Services[0]));

        var answer = await AskAsync(host, new() { FileByFilename = "relay/v1/tokens.proto" }, Path);

        Assert.Equal("relay/v1/tokens.proto", FileDescriptorProto.Parser.ParseFrom(Assert.Single(answer.FileDescriptorResponse.FileDescriptorProto)).Name);
    }

    [Fact]
    public async Task ExtensionNumbersOfAMessage_AreNone()
    {
        var answer = await AskAsync(new() { AllExtensionNumbersOfType = "relay.tests.v1.EchoRequest" });

        Assert.Equal("relay.tests.v1.EchoRequest", answer.AllExtensionNumbersResponse.BaseTypeName);
        Assert.Empty(answer.AllExtensionNumbersResponse.ExtensionNumber);
    }

    public static TheoryData<string> Missing => [.. Unanswerable.Keys];

    [Theory]
    [MemberData(nameof(Missing))]
    public async Task WhatIsNotThere_IsAnErrorResponseAndTheStreamGoesOn(string what)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        await using var stream = new RawStream(raw, Path);

        await stream.SendAsync(Unanswerable[what]);
        var answer = await stream.ReadAsync(ServerReflectionResponse.Parser);
        await stream.SendAsync(new ServerReflectionRequest { ListServices = "" });
        var next = await stream.ReadAsync(ServerReflectionResponse.Parser);
        stream.EndRequests();
        var end = await stream.ReadAsync(ServerReflectionResponse.Parser);

        Assert.Equal(Answered.ErrorResponse, answer!.MessageResponseCase);
        Assert.Equal(what == "nothing" ? GrpcStatusCode.InvalidArgument : GrpcStatusCode.NotFound, (GrpcStatusCode)answer.ErrorResponse.ErrorCode);
        Assert.Equal(Answered.ListServicesResponse, next!.MessageResponseCase);
        Assert.Null(end);
        Assert.Equal(GrpcStatusCode.Ok, await stream.StatusAsync());
    }

    [Fact]
    public async Task SwitchedOff_IsUnimplemented()
    {
        await using var host = await EchoHost.StartAsync(new GrpcOptions { Reflection = false });
        using var raw = new RawGrpc(host.Grpc);

        Assert.Equal(GrpcStatusCode.Unimplemented, (await raw.CallAsync(Path, RawGrpc.Frame([]))).Status);
    }

    private static readonly Dictionary<string, ServerReflectionRequest> Unanswerable = new()
    {
        ["file"] = new() { FileByFilename = "other.proto" },
        ["symbol"] = new() { FileContainingSymbol = "relay.tests.v1.Other" },
        ["extension"] = new() { FileContainingExtension = new() { ContainingType = "relay.tests.v1.EchoRequest", ExtensionNumber = 1 } },
        ["extension numbers"] = new() { AllExtensionNumbersOfType = "relay.tests.v1.Echo" },
        ["nothing"] = new(),
    };

    private static async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request, string path = Path)
    {
        await using var host = await EchoHost.StartAsync();
        return await AskAsync(host, request, path);
    }

    private static async Task<ServerReflectionResponse> AskAsync(EchoHost host, ServerReflectionRequest request, string path)
    {
        using var raw = new RawGrpc(host.Grpc);
        var answer = await raw.CallAsync(path, RawGrpc.Frame(request));
        Assert.Equal(GrpcStatusCode.Ok, answer.Status);
        return ServerReflectionResponse.Parser.ParseFrom(Assert.Single(answer.Frames()).Message);
    }
}
