using System.Text.Json;
using Relay.Gateway.Config;

namespace Relay.Cli.Tests;

/// <summary><c>relay check</c> as a shell sees it.</summary>
public sealed class CheckTests : IDisposable
{
    private const string Valid = """
        {
          "providers": { "sim": { "baseUrl": "http://127.0.0.1:9101/v1" }, "openai": { "baseUrl": "https://api.openai.com/v1", "apiKey": "file:planted" } },
          "models": { "chat": { "strategy": "weighted", "targets": [ "sim/a", "openai/b" ] } },
          "keys": [ { "name": "web-app", "key": "file:planted" } ],
          "prices": { "sim/*": { "input": 0, "output": 0 } }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("relay-cli-").FullName;

    private string FilePath => Path.Combine(_folder, "relay.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ValidFile_IsSummarizedWithoutSecrets()
    {
        Write(Valid);
        File.WriteAllText(Path.Combine(_folder, "planted"), "sk-planted-secret");

        var (exit, output, errors) = Run("check", FilePath);

        Assert.Equal((0, ""), (exit, errors));
        Assert.Contains($"{FilePath} is valid (version ", output, StringComparison.Ordinal);
        Assert.Contains("gateway 127.0.0.1:8080, api 127.0.0.1:8090", output, StringComparison.Ordinal);
        Assert.Contains("  chat  weighted: sim/a, openai/b (no price)", output, StringComparison.Ordinal);
        Assert.Contains("  sim  http://127.0.0.1:9101/v1  (no credential)", output, StringComparison.Ordinal);
        Assert.Contains("Keys       web-app", output, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", output, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongFile_PrintsEveryErrorWithPlaceAndFix()
    {
        Write("""{ "providers": { "sim": { "baseUrl": "x" } }, "models": { "m": { "targets": [ "smi/a" ] } }, "more": 1 }""");

        var (exit, output, errors) = Run("check", FilePath);

        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("has 3 errors.", errors, StringComparison.Ordinal);
        Assert.Contains("  $.models.m.targets[0]\n      no provider 'smi'\n      fix: configured are 'sim'", errors, StringComparison.Ordinal);
        Assert.Contains("$.providers.sim.baseUrl", errors, StringComparison.Ordinal);
        Assert.Contains("$.more", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFile_IsAnError()
    {
        var (exit, _, errors) = Run("check", Path.Combine(_folder, "none.json"));

        Assert.Equal(2, exit);
        Assert.Contains("there is no file", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutFile_TheLocatedOneIsChecked()
    {
        var (exit, _, errors) = Run("check");
        Assert.Equal(2, exit);
        Assert.Contains("there is no relay.json in this folder", errors, StringComparison.Ordinal);

        Write("""{ "providers": { "sim": { "baseUrl": "http://h/v1" } }, "models": { "m": { "targets": [ "sim/a" ] } } }""");
        Assert.Equal(0, Run("check").Exit);
    }

    [Fact]
    public void NoEnv_AcceptsMissingSecretsWithANote()
    {
        Write(Valid.Replace("[ {", """[ { "name": "batch", "key": "env:RELAY_NO_SUCH_VARIABLE" }, {""", StringComparison.Ordinal));
        Assert.Equal(2, Run("check", FilePath).Exit);

        var (exit, output, _) = Run("check", FilePath, "--no-env");

        Assert.Equal(0, exit);
        Assert.Contains("note: the environment variable 'RELAY_NO_SUCH_VARIABLE' is not set; accepted because of --no-env", output, StringComparison.Ordinal);
        Assert.Contains($"note: the secret file '{Path.Combine(_folder, "planted")}' is not there", output, StringComparison.Ordinal);
        Assert.Equal(2, Run("check", Path.Combine(_folder, "none.json"), "--no-env").Exit);
    }

    [Fact]
    public void Json_IsForScripts()
    {
        Write(Valid);
        var (exit, wrong, errors) = Run("check", "--json", FilePath);
        Assert.Equal((2, ""), (exit, errors));
        using (var json = JsonDocument.Parse(wrong))
        {
            Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
            Assert.Equal("$.providers.openai.apiKey", json.RootElement.GetProperty("errors")[0].GetProperty("path").GetString());
        }

        var right = Run("check", "--json", "--no-env", FilePath);
        Assert.Equal(0, right.Exit);
        using (var json = JsonDocument.Parse(right.Output))
        {
            Assert.True(json.RootElement.GetProperty("valid").GetBoolean());
            Assert.Equal("weighted", json.RootElement.GetProperty("models")[0].GetProperty("strategy").GetString());
            Assert.Equal("web-app", json.RootElement.GetProperty("keys")[0].GetString());
            Assert.Equal(12, json.RootElement.GetProperty("version").GetString()!.Length);
        }
    }

    [Theory]
    [InlineData("there is no command 'quux'. See 'relay --help'.", "quux")]
    [InlineData("See 'relay --help'.")]
    [InlineData("'b' is one argument too many. See 'relay check --help'.", "check", "a", "b")]
    [InlineData("There is no option '--yaml'. See 'relay check --help'.", "check", "--yaml")]
    public void WrongCommandLine_SaysSoAndExitsWith2(string message, params string[] args)
    {
        var (exit, output, errors) = Run(args);

        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith("relay: ", errors, StringComparison.Ordinal);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check <FILE>", "--help")]
    [InlineData("--no-env", "check", "--help")]
    [InlineData("0.1.0", "--version")]
    public void HelpAndVersion_ArePrinted(string part, params string[] args)
    {
        var (exit, output, errors) = Run(args);

        Assert.Equal((0, ""), (exit, errors));
        Assert.Contains(part, output, StringComparison.Ordinal);
    }

    private void Write(string text) => File.WriteAllText(FilePath, text);

    private (int Exit, string Output, string Errors) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var exit = RelayCommand.Run(args, new Here(_folder), output, errors);
        return (exit, output.ToString(), errors.ToString());
    }

    /// <summary>This process in another working folder.</summary>
    private sealed class Here(string folder) : IEnvironment
    {
        private readonly ProcessEnvironment _process = new();

        public string WorkingFolder => folder;

        public string? GetVariable(string name) => name == ConfigLocator.Variable ? null : _process.GetVariable(name);

        public bool FileExists(string path) => _process.FileExists(path);

        public FileRead ReadFile(string path, int maxBytes) => _process.ReadFile(path, maxBytes);
    }
}
