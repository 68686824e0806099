using System.Runtime.CompilerServices;
using Google.Protobuf;
using Relay.Core.Errors;
using Relay.Grpc;
using Relay.Grpc.Client;
using Relay.V1;

namespace Relay.Cli.Server;

/// <summary>The service <c>relay.v1.Stats</c> of a Relay that runs somewhere. Thread-safe.</summary>
internal sealed class StatsServer(ServerAddress address, TimeProvider time) : IDisposable
{
    /// <summary>An answer that takes longer counts as none: 10 s.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly GrpcClient _client = new(address.Uri, time);

    /// <summary>Where it is.</summary>
    public ServerAddress Address => address;

    /// <summary>True when the server says that it takes calls.</summary>
    /// <exception cref="ServerProblem">There is no answer.</exception>
    public Task<bool> IsServingAsync(CancellationToken cancellation) =>
        GuardAsync(() => _client.IsServingAsync("", new GrpcCallOptions { Timeout = AnswerLimit }, cancellation), cancellation);

    /// <summary>Versions and model names.</summary>
    /// <exception cref="ServerProblem">There is no answer.</exception>
    public Task<GetInfoResponse> GetInfoAsync(CancellationToken cancellation) =>
        AskAsync<GetInfoRequest, GetInfoResponse>("GetInfo", new(), cancellation);

    /// <summary>Figures of all models.</summary>
    /// <exception cref="ServerProblem">There is no answer.</exception>
    public Task<ListModelsResponse> ListModelsAsync(Window window, CancellationToken cancellation) =>
        AskAsync<ListModelsRequest, ListModelsResponse>("ListModels", new() { Window = window }, cancellation);

    /// <summary>Breakers and how they came to their states.</summary>
    /// <param name="target">Only this target's; empty: all.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ServerProblem">There is no answer.</exception>
    public Task<ListBreakersResponse> ListBreakersAsync(string target, CancellationToken cancellation) =>
        AskAsync<ListBreakersRequest, ListBreakersResponse>("ListBreakers", new() { Target = target }, cancellation);

    /// <summary>The latest failovers and rescues.</summary>
    /// <exception cref="ServerProblem">There is no answer.</exception>
    public Task<ListFailoversResponse> ListFailoversAsync(ListFailoversRequest request, CancellationToken cancellation) =>
        AskAsync<ListFailoversRequest, ListFailoversResponse>("ListFailovers", request, cancellation);

    /// <summary>Frames, until the server or the caller ends it. The first one is due within <see cref="AnswerLimit"/>.</summary>
    /// <exception cref="ServerProblem">The stream broke, or there was none.</exception>
    public async IAsyncEnumerable<StatsFrame> WatchAsync(WatchStatsRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var first = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(first.Token, cancellation);
        await using var frames = _client.StreamAsync<WatchStatsRequest, StatsFrame>(Method("WatchStats"), request, null, either.Token).GetAsyncEnumerator(either.Token);
        while (await GuardAsync(() => frames.MoveNextAsync().AsTask(), cancellation))
        {
            first.CancelAfter(Timeout.InfiniteTimeSpan);
            yield return frames.Current;
        }

        throw new ServerProblem($"Relay's API on {address} ended the stream.");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Task<TResponse> AskAsync<TRequest, TResponse>(string method, TRequest request, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>, new() =>
        GuardAsync(() => _client.UnaryAsync<TRequest, TResponse>(Method(method), request, new GrpcCallOptions { Timeout = AnswerLimit }, cancellation), cancellation);

    private static Google.Protobuf.Reflection.MethodDescriptor Method(string name) => StatsReflection.Descriptor.Services[0].FindMethodByName(name);

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (GrpcException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ServerProblem(Explain(e.Status));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ServerProblem(Away($"not within {AnswerLimit.TotalSeconds:0} s"));
        }
    }

    private string Explain(GrpcStatus status) => status switch
    {
        { Kind: ErrorKind.ConnectFailed } => Away(null),
        { Kind: ErrorKind.ClientDeadline } => Away($"not within {AnswerLimit.TotalSeconds:0} s"),
        { Kind: ErrorKind.ConnectionReset } => $"The connection to {address} broke. If that happens again, what listens there is not Relay's gRPC API: {WhereItIs}",
        { Code: GrpcStatusCode.Unimplemented } or { Code: GrpcStatusCode.Unknown or GrpcStatusCode.Internal, Kind: ErrorKind.None or ErrorKind.Truncated or ErrorKind.Malformed } =>
            $"What answers on {address} is not Relay's gRPC API, or one of another version ({Printable.Text(status.Message)}): {WhereItIs}",
        _ => $"Relay's API on {address} refuses to answer: {Printable.Text(status.Message)}",
    };

    private const string WhereItIs = "that is listen.apiGrpc of the configuration, port 8091 unless configured; 8090 is the API over HTTP.";

    private string Away(string? how) =>
        $"Relay's API does not answer on {address}{(how is null ? "" : $", {how}")}: is it running? Start Relay with 'dotnet run --project AppHost', or say where it is with --address HOST:PORT (listen.apiGrpc of its configuration).";
}
