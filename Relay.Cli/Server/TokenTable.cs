using Relay.V1;

namespace Relay.Cli.Server;

/// <summary>Tokens by category, by the names of /api/v1.</summary>
internal static class TokenTable
{
    /// <summary>Every category with its count, in the API's order.</summary>
    public static (string Name, long Count)[] Of(Tokens tokens) =>
    [
        ("input", tokens.Input),
        ("cached_input", tokens.CachedInput),
        ("cache_write_5m", tokens.CacheWrite5M),
        ("cache_write_1h", tokens.CacheWrite1H),
        ("output", tokens.Output),
        ("reasoning", tokens.Reasoning),
        ("audio_input", tokens.AudioInput),
        ("audio_output", tokens.AudioOutput),
    ];
}
