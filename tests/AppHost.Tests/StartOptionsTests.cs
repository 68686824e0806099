using Relay.AppHost;
using Relay.Gateway.Config;

namespace AppHost.Tests;

public sealed class StartOptionsTests
{
    [Fact]
    public void Help_PrintsUsageAndEndsWell()
    {
        var start = StartOptions.Read(["--help"], new EmptyEnvironment());

        Assert.Contains("--config PATH", start.Text, StringComparison.Ordinal);
        Assert.Equal(0, start.ExitCode);
    }

    [Fact]
    public void UnknownOption_IsNamedAndRefused()
    {
        var start = StartOptions.Read(["--confg", "x"], new EmptyEnvironment());

        Assert.Contains("'--confg'", start.Text, StringComparison.Ordinal);
        Assert.Equal(StartOptions.BadInput, start.ExitCode);
    }

    [Fact]
    public void NoFile_MeansTheDemo()
    {
        var start = StartOptions.Read([], new EmptyEnvironment());

        Assert.Null(start.Config);
        Assert.Null(start.Text);
    }

    [Fact]
    public void MissingFile_SaysWhereItWasLookedFor()
    {
        var start = StartOptions.Read(["--config", "/nowhere/relay.json"], new EmptyEnvironment());

        Assert.Contains("/nowhere/relay.json", start.Text, StringComparison.Ordinal);
        Assert.Equal(StartOptions.BadInput, start.ExitCode);
    }

    [Fact]
    public void BrokenFile_TellsEveryErrorAtOnceWithPathAndFix()
    {
        var file = """{ "models": { "m": { "targets": ["nobody/x"], "timeouts": { "idle": 5 } } }, "lissten": {} }""";

        var start = StartOptions.Read(["--config", "relay.json"], new EmptyEnvironment(file));

        Assert.Equal(StartOptions.BadInput, start.ExitCode);
        Assert.Contains("$.lissten", start.Text, StringComparison.Ordinal);
        Assert.Contains("$.models.m.targets[0]", start.Text, StringComparison.Ordinal);
        Assert.Contains("$.models.m.timeouts.idle", start.Text, StringComparison.Ordinal);
        Assert.Contains("fix:", start.Text, StringComparison.Ordinal);
    }

    private sealed class EmptyEnvironment(string? file = null) : IEnvironment
    {
        public string WorkingFolder => "/";

        public string? GetVariable(string name) => null;

        public bool FileExists(string path) => file is not null;

        public FileRead ReadFile(string path, int maxBytes) =>
            file is null ? new(FileReadStatus.Missing) : new(FileReadStatus.Ok, System.Text.Encoding.UTF8.GetBytes(file));
    }
}
