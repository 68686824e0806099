using System.Text;
using System.Text.Json.Nodes;
using Relay.Gateway.Config;

namespace Relay.Gateway.Tests.Config;

/// <summary>A small valid file, and what tests change in it.</summary>
internal static class ConfigText
{
    public const string Minimal = """
        {
          "providers": {
            "openai": { "baseUrl": "https://api.openai.com/v1" },
            "sim": { "baseUrl": "http://127.0.0.1:9101/v1" }
          },
          "models": {
            "m": { "targets": [ "openai/gpt-4.1" ] }
          }
        }
        """;

    /// <summary>The small file with one value set, made where it is missing, or removed.</summary>
    /// <param name="path">Names with dots between.</param>
    /// <param name="json">The value; null removes the field.</param>
    /// <param name="text">The file to change instead of the small one.</param>
    public static string With(string path, string? json, string text = Minimal)
    {
        var root = JsonNode.Parse(text)!;
        var names = path.Split('.');
        var at = root.AsObject();
        foreach (var name in names[..^1])
        {
            at = (JsonObject)(at[name] ??= new JsonObject());
        }

        if (json is null)
        {
            at.Remove(names[^1]);
        }
        else
        {
            at[names[^1]] = JsonNode.Parse(json);
        }

        return root.ToJsonString();
    }

    public static ConfigResult Parse(string text, FakeEnvironment? env = null) =>
        ConfigLoader.Parse(Encoding.UTF8.GetBytes(text), "/relay/relay.json", env ?? new FakeEnvironment());

    public static RelayConfig Valid(string text, FakeEnvironment? env = null)
    {
        var result = Parse(text, env);
        Assert.True(result.IsValid, result.ToString());
        return result.Config;
    }

    /// <summary>The file has this error and no other.</summary>
    public static void OnlyError(string text, string path, string message, string fix, FakeEnvironment? env = null)
    {
        var result = Parse(text, env);
        Assert.Null(result.Config);
        var error = Assert.Single(result.Errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(fix, error.Fix, StringComparison.Ordinal);
        Assert.Equal($"{error.Path}: {error.Message}; {error.Fix}", error.ToString());
    }
}
