namespace Relay.Grpc;

/// <summary>What holds for all calls of a server.</summary>
public sealed record GrpcOptions
{
    /// <summary>The default of <see cref="MaxRequestBytes"/>: 32 MiB, as large as an HTTP body may be.</summary>
    public const int DefaultMaxRequestBytes = 32 * 1024 * 1024;

    /// <summary>The largest request message in bytes, decompressed. A larger one ends the call with RESOURCE_EXHAUSTED. Default 32 MiB; a call may set its own.</summary>
    public int MaxRequestBytes { get; init; } = DefaultMaxRequestBytes;

    /// <summary>Answers shorter than this are not compressed, whatever the client does. Bytes, default 1,024.</summary>
    public int MinGzipBytes { get; init; } = 1_024;

    /// <summary>Tools may ask which services there are. Default true.</summary>
    public bool Reflection { get; init; } = true;
}
