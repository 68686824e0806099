using Relay.Gateway.Config;

namespace Relay.Gateway.Tests.Config;

public sealed class ProcessEnvironmentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-config-").FullName;
    private readonly ProcessEnvironment _env = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void File_is_read_up_to_its_limit()
    {
        var path = Path.Combine(_folder, "file");
        File.WriteAllBytes(path, new byte[40_000]);

        Assert.Equal((FileReadStatus.Ok, 40_000), (_env.ReadFile(path, 40_000).Status, _env.ReadFile(path, 40_000).Bytes.Length));
        Assert.Equal(FileReadStatus.TooLarge, _env.ReadFile(path, 39_999).Status);
        Assert.True(_env.FileExists(path));
    }

    [Fact]
    public void What_is_not_a_file_is_told_apart()
    {
        Assert.Equal(FileReadStatus.Missing, _env.ReadFile(Path.Combine(_folder, "none"), 10).Status);
        Assert.Equal(FileReadStatus.Missing, _env.ReadFile(Path.Combine(_folder, "no", "folder"), 10).Status);
        Assert.Equal(FileReadStatus.Unreadable, _env.ReadFile(_folder, 10).Status);
        Assert.False(_env.FileExists(_folder));
    }

    [Fact]
    public void Variables_and_working_folder_are_the_processes()
    {
        Assert.NotNull(_env.GetVariable("PATH"));
        Assert.Null(_env.GetVariable("RELAY_NO_SUCH_VARIABLE"));
        Assert.True(Path.IsPathFullyQualified(_env.WorkingFolder));
    }

    [Fact]
    public void Configuration_and_its_secret_are_loaded_from_disk()
    {
        File.WriteAllText(Path.Combine(_folder, "key"), "file-secret\n");
        var path = Path.Combine(_folder, "relay.json");
        File.WriteAllText(path, ConfigText.With("providers.sim.apiKey", "\"file:key\""));

        var result = ConfigLoader.Load(path, _env);

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal("file-secret", result.Config.Providers["sim"].ApiKey!.Reveal());
        Assert.Equal(Path.Combine(_folder, ".relay"), result.Config.DataDir);
    }
}
