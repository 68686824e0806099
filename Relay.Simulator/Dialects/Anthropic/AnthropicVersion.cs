using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>The anthropic-version header. Since <see cref="WithoutSampling"/> sampling options are unknown fields, and documents and citations stand in fewer places.</summary>
/// <remarks>https://platform.claude.com/docs/en/api/versioning</remarks>
internal static class AnthropicVersion
{
    public const string WithoutSampling = "2026-10-21";

    public static readonly string[] Known = ["2023-01-01", "2023-06-01", WithoutSampling];

    public static string Of(HttpRequest request) => request.Headers["anthropic-version"].ToString();
}
