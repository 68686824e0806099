using System.Text;
using Relay.Gateway.Config;

namespace Relay.Exam.Rig;

/// <summary>The relay.json of the exam: one model, a primary and one fallback, prices, and the defaults for all else.</summary>
internal static class ExamConfig
{
    /// <summary>The name that clients ask for.</summary>
    public const string Model = "chat-exam";

    /// <summary>Why these settings make no right file; null when they do.</summary>
    public static string? Problem(ExamSettings settings)
    {
        var nowhere = new Uri("http://127.0.0.1:1/");
        var result = Parse(settings, nowhere, nowhere);
        return result.IsValid ? null : result.Explain();
    }

    /// <summary>The file, read and checked as the product does.</summary>
    /// <exception cref="InvalidOperationException">The settings make no right file; the message says why.</exception>
    public static RelayConfig Read(ExamSettings settings, Uri primary, Uri fallback)
    {
        var result = Parse(settings, primary, fallback);
        return result.Config ?? throw new InvalidOperationException(result.Explain());
    }

    private static ConfigResult Parse(ExamSettings settings, Uri primary, Uri fallback) =>
        ConfigLoader.Parse(Encoding.UTF8.GetBytes(Text(settings, primary, fallback)), path: null, new ProcessEnvironment());

    // The prices differ, so that a cost shows whose tokens it counts.
    private static string Text(ExamSettings settings, Uri primary, Uri fallback) => $$"""
        {
          "listen": { "gateway": "127.0.0.1:0", "grpc": "127.0.0.1:0", "api": "127.0.0.1:0", "apiGrpc": "127.0.0.1:0" },
          "providers": {
            "primary": { "dialect": "{{settings.Primary.Name}}", "baseUrl": "{{new Uri(primary, settings.Primary.BasePath)}}" },
            "fallback": { "dialect": "{{settings.Fallback.Name}}", "baseUrl": "{{new Uri(fallback, settings.Fallback.BasePath)}}" }
          },
          "models": {
            "{{Model}}": {
              "targets": ["{{Side.Primary.Target}}", "{{Side.Fallback.Target}}"]{{(settings.Model.Length > 0 ? ", " + settings.Model : "")}}
            }
          },
          "prices": {
            "{{Side.Primary.Target}}": { "input": 2.0, "cachedInput": 0.5, "output": 8.0 },
            "{{Side.Fallback.Target}}": { "input": 3.0, "cachedInput": 0.75, "output": 15.0 }
          }
        }
        """;
}
