using System.Text.Json;

namespace Relay.Gateway.Tests.Kit;

/// <summary>OpenAI's error shape: one member <c>error</c> with message, type, param and code, all four always there.</summary>
internal static class ErrorShape
{
    /// <summary>Checks a body and gives the inner object.</summary>
    public static JsonElement Check(JsonElement root)
    {
        Assert.Equal(["error"], root.EnumerateObject().Select(p => p.Name));
        var error = root.GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(p => p.Name));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.NotEmpty(error.GetProperty("type").GetString()!);
        Assert.True(error.GetProperty("param").ValueKind is JsonValueKind.String or JsonValueKind.Null);
        Assert.True(error.GetProperty("code").ValueKind is JsonValueKind.String or JsonValueKind.Null);
        return error;
    }
}
