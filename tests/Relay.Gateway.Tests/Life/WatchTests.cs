using System.Diagnostics;
using System.Text.Json.Nodes;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Life;

/// <summary>How an edit is noticed.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task EditInPlace_IsNoticed()
    {
        await using var rig = await LiveRig.StartAsync(realTime: true);
        var attempt = rig.NextAttemptAsync();

        rig.Write(rig.Changed(Add));

        Assert.True((await attempt).LastAttempt!.IsApplied);
        Assert.Equal(200, (await rig.ChatAsync("added")).Status);
    }

    [Fact]
    public async Task AtomicRename_IsNoticed()
    {
        await using var rig = await LiveRig.StartAsync(realTime: true);
        var attempt = rig.NextAttemptAsync();
        var aside = Path.Combine(rig.Folder, "relay.json.tmp");
        await File.WriteAllTextAsync(aside, rig.Changed(Add).ToJsonString());

        File.Move(aside, rig.FilePath, overwrite: true);

        Assert.True((await attempt).LastAttempt!.IsApplied);
        Assert.Equal(200, (await rig.ChatAsync("added")).Status);
    }

    /// <summary>Kubernetes mounts relay.json -> ..data/relay.json and ..data -> a folder for each version, and swaps the second.</summary>
    [Fact]
    public async Task SymlinkSwap_IsNoticed()
    {
        await using var rig = await LiveRig.StartAsync(realTime: true, path: folder =>
        {
            Directory.CreateDirectory(Path.Combine(folder, "..v1"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..v1");
            File.WriteAllText(Path.Combine(folder, "..v1", "relay.json"), "");
            File.CreateSymbolicLink(Path.Combine(folder, "relay.json"), "..data/relay.json");
            return Path.Combine(folder, "relay.json");
        });
        var attempt = rig.NextAttemptAsync();
        Directory.CreateDirectory(Path.Combine(rig.Folder, "..v2"));
        await File.WriteAllTextAsync(Path.Combine(rig.Folder, "..v2", "relay.json"), rig.Changed(Add).ToJsonString());
        Directory.CreateSymbolicLink(Path.Combine(rig.Folder, "..data_tmp"), "..v2");

        using (var move = Process.Start("mv", ["-T", Path.Combine(rig.Folder, "..data_tmp"), Path.Combine(rig.Folder, "..data")]))
        {
            await move.WaitForExitAsync();
        }

        Assert.True((await attempt).LastAttempt!.IsApplied);
        Assert.Equal(200, (await rig.ChatAsync("added")).Status);
    }

    [Fact]
    public async Task WrongEdit_IsNoticedAndTold()
    {
        await using var rig = await LiveRig.StartAsync(realTime: true);
        var attempt = rig.NextAttemptAsync();

        await File.WriteAllTextAsync(rig.FilePath, "{ }");

        Assert.Equal(2, (await attempt).Rejection!.Errors.Length);
        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }

    [Fact]
    public async Task Poll_NoticesWhatTheFileSystemDoesNotTell()
    {
        var secrets = Directory.CreateTempSubdirectory("relay-secret-");
        try
        {
            var secret = Path.Combine(secrets.FullName, "key");
            await File.WriteAllTextAsync(secret, "alice");
            await using var rig = await LiveRig.StartAsync(change: file => file["keys"] = new JsonArray(new JsonObject { ["name"] = "a", ["key"] = "file:" + secret }));
            Assert.Equal(200, (await rig.ChatAsync(key: "alice")).Status);
            var version = rig.Gateway.ConfigStatus.Version;
            var attempt = rig.NextAttemptAsync();

            await File.WriteAllTextAsync(secret, "bobby");
            rig.Time.Advance(ConfigWatcher.Poll);

            Assert.Equal(version, (await attempt).Version);
            Assert.Equal(401, (await rig.ChatAsync(key: "alice")).Status);
            Assert.Equal(200, (await rig.ChatAsync(key: "bobby")).Status);

            // A secret that is gone is a wrong edit; the one that was read stays in force.
            attempt = rig.NextAttemptAsync();
            File.Delete(secret);
            rig.Time.Advance(ConfigWatcher.Poll);
            Assert.NotNull((await attempt).Rejection);
            Assert.Equal(200, (await rig.ChatAsync(key: "bobby")).Status);
        }
        finally
        {
            secrets.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task SameContent_IsNoAttempt()
    {
        var secrets = Directory.CreateTempSubdirectory("relay-secret-");
        try
        {
            var secret = Path.Combine(secrets.FullName, "key");
            await File.WriteAllTextAsync(secret, "alice");
            await using var rig = await LiveRig.StartAsync(change: file => file["keys"] = new JsonArray(new JsonObject { ["name"] = "a", ["key"] = "file:" + secret }));
            var attempt = rig.NextAttemptAsync();
            File.SetLastWriteTimeUtc(secret, DateTime.UnixEpoch);
            rig.Time.Advance(ConfigWatcher.Poll);

            // Looks come one after the other: when this edit is the first that is told, the one before was none.
            await File.WriteAllTextAsync(secret + ".new", "bobby");
            File.Move(secret + ".new", secret, overwrite: true);
            rig.Time.Advance(ConfigWatcher.Poll);

            Assert.Equal(1, (await attempt).Applied);
        }
        finally
        {
            secrets.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task DisposedGateway_NoticesNothingAndLeavesNoTimer()
    {
        var rig = await LiveRig.StartAsync();
        var attempts = 0;
        rig.Gateway.ConfigAttempted += _ => Interlocked.Increment(ref attempts);
        Assert.True(rig.Time.ArmedTimers > 0);
        await rig.Gateway.StopAsync();
        await rig.Gateway.DisposeAsync();

        rig.Write(rig.Changed(Add));
        rig.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, rig.Time.ArmedTimers);
        Assert.Equal(0, attempts);
        await rig.DisposeAsync();
    }

    [Fact]
    public async Task WithoutAFile_NothingIsWatched_AndReloadChangesNothing()
    {
        await using var rig = await Rig.StartAsync();

        var status = rig.Gateway.Reload();

        Assert.Null(status.LastAttempt);
        Assert.Equal("config=none", status.ToString());
    }

    private static void Add(JsonObject file) => file["models"]!["added"] = Json.Model("p1");
}
