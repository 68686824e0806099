using System.Text.Json;
using Relay.Grpc.Tests.Kit;

namespace Relay.Grpc.Tests.Clients;

/// <summary>What every official client must see of a server.</summary>
public abstract class ClientContract
{
    [Fact]
    public async Task Unary_GivesReplyAndMetadataBothWays()
    {
        await using var host = await EchoHost.StartAsync();

        var seen = await RunAsync(host.Grpc, "unary");

        Assert.Equal(0, Code(seen));
        Assert.Equal("hällo", Text(seen, "text"));
        Assert.Equal("0001feff", Text(seen, "data"));
        Assert.Equal("some text", Text(seen, "header"));
        Assert.Equal("0001feff", Text(seen, "headerBytes"));
        Assert.Equal("some text", Text(seen, "trailer"));
        Assert.Equal("0001feff", Text(seen, "trailerBytes"));
    }

    [Fact]
    public async Task Stream_GivesEveryReplyInOrder()
    {
        await using var host = await EchoHost.StartAsync();

        var seen = await RunAsync(host.Grpc, "stream");

        Assert.Equal(0, Code(seen));
        Assert.Equal(Enumerable.Range(0, 1_000), seen.GetProperty("numbers").EnumerateArray().Select(number => number.GetInt32()));
    }

    [Fact]
    public async Task Deadline_EndsTheCallOnBothSides()
    {
        await using var host = await EchoHost.StartAsync();

        var seen = await RunAsync(host.Grpc, "deadline");

        Assert.Equal((int)GrpcStatusCode.DeadlineExceeded, Code(seen));
        await host.Echo.ExpectAsync("entered");

        // The client resets its call at the same time; either may come first.
        await host.Echo.ExpectOneOfAsync("deadline", "client gone");
        Assert.NotNull(host.Echo.LastCall!.Timeout);
    }

    [Fact]
    public async Task Cancel_IsSeenByTheHandler()
    {
        await using var host = await EchoHost.StartAsync();

        var seen = await RunAsync(host.Grpc, "cancel");

        Assert.Equal((int)GrpcStatusCode.Cancelled, Code(seen));
        Assert.Equal(2, seen.GetProperty("messages").GetInt32());
        await host.Echo.ExpectAsync("entered");
        await host.Echo.ExpectAsync("client gone");
        Assert.Empty(host.Log.Lines);
    }

    [Fact]
    public async Task Error_HasCodeMessageAndTypedDetails()
    {
        await using var host = await EchoHost.StartAsync();

        var seen = await RunAsync(host.Grpc, "error");

        Assert.Equal((int)GrpcStatusCode.ResourceExhausted, Code(seen));
        Assert.Equal("Zu schnell: ümlaut", Text(seen, "details"));
        CheckDetails(seen);
    }

    [Fact]
    public async Task Gzip_GoesBothWays()
    {
        var encodings = new List<string?>();
        await using var host = await EchoHost.StartAsync(around: async (call, next) =>
        {
            await next();
            encodings.Add(call.GetMetadata("grpc-encoding"));
            encodings.Add(call.Http.Response.Headers["grpc-encoding"].ToString());
        });

        var seen = await RunAsync(host.Grpc, "gzip");

        Assert.Equal(0, Code(seen));
        Assert.Equal(100_000, seen.GetProperty("length").GetInt32());
        Assert.Equal(["gzip", "gzip"], encodings);
    }

    [Fact]
    public async Task TooLargeMessage_IsResourceExhaustedAndNamesTheLimit()
    {
        await using var host = await EchoHost.StartAsync();

        var seen = await RunAsync(host.Grpc, "large");

        Assert.Equal((int)GrpcStatusCode.ResourceExhausted, Code(seen));
        Assert.Contains("33554432 bytes", Text(seen, "details"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnservedMethod_IsUnimplemented()
    {
        await using var host = await EchoHost.StartAsync();

        Assert.Equal((int)GrpcStatusCode.Unimplemented, Code(await RunAsync(host.Grpc, "unimplemented")));
    }

    [Fact]
    public async Task Health_IsCheckedAndWatched()
    {
        await using var host = await EchoHost.StartAsync();

        var seen = await RunAsync(host.Grpc, "health");

        Assert.Equal("SERVING", Serving(seen.GetProperty("status")));
        Assert.Equal("SERVING", Serving(seen.GetProperty("watched")));
        Assert.Equal((int)GrpcStatusCode.NotFound, seen.GetProperty("other").GetInt32());
    }

    [Fact]
    public async Task Reflection_ListsTheServices()
    {
        await using var host = await EchoHost.StartAsync();

        var seen = await RunAsync(host.Grpc, "reflection");

        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", EchoHost.ServiceName],
            seen.GetProperty("services").EnumerateArray().Select(service => service.GetString()));
    }

    /// <summary>Runs a scenario in the client's program.</summary>
    private protected abstract Task<JsonElement> RunAsync(Uri server, string scenario);

    /// <summary>Checks the details of the scenario <c>error</c>.</summary>
    private protected abstract void CheckDetails(JsonElement seen);

    private protected static string Text(JsonElement seen, string name) => seen.GetProperty(name).GetString()!;

    private static int Code(JsonElement seen) => seen.GetProperty("code").GetInt32();

    private static string Serving(JsonElement status) => status.ValueKind == JsonValueKind.String ? status.GetString()! : status.GetInt32() == 1 ? "SERVING" : $"{status}";
}
