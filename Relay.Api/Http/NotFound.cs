using Microsoft.AspNetCore.Http;

namespace Relay.Api.Http;

/// <summary>What is said of a name that is not configured.</summary>
internal static class NotFound
{
    /// <summary>No model of that name.</summary>
    public static ErrorAnswer Model(string name) =>
        new(StatusCodes.Status404NotFound, "model_not_found", $"No model {ErrorAnswer.Echo(name)} is configured; /api/v1/info lists those that are.", "model");

    /// <summary>No target of that name.</summary>
    public static ErrorAnswer Target(string name) =>
        new(StatusCodes.Status404NotFound, "target_not_found", $"No model has a target {ErrorAnswer.Echo(name)}; /api/v1/targets lists those that are configured.", "target");
}
