using System.Collections.Immutable;

namespace Relay.Grpc.Client;

/// <summary>What goes with one call besides its request.</summary>
public sealed record GrpcCallOptions
{
    /// <summary>The deadline, from now: the server is told, and the call ends with <see cref="GrpcStatusCode.DeadlineExceeded"/>. Null: none. Default null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Texts that go with the request, <c>authorization</c> for one; names in lower case. Default none.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>The request is compressed, and so may be the answer. Default false.</summary>
    public bool Gzip { get; init; }
}
