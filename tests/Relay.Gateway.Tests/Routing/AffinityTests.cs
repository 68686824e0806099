using System.Collections.Frozen;
using Relay.Core.Routing;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Routing;

/// <summary>A model with affinity in a running gateway.</summary>
public sealed class AffinityTests
{
    [Fact]
    public async Task Conversation_StaysAtItsTargetAndMovesOnlyWhileThatFails()
    {
        await using var rig = await StartAsync(affinity: true);
        var home = (await rig.ChatAsync("hello")).Target!;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(home, (await rig.ChatAsync("hello", extra: $",\"seed\":{i}")).Target);
        }

        var at = home == "p0/gpt-sim" ? rig.Primary : rig.Fallback;
        at.Faults.Add("*", "status=401,times=1");
        var away = await rig.ChatAsync("hello");
        var back = await rig.ChatAsync("hello");

        Assert.NotEqual(home, away.Target);
        Assert.Equal((200, home), (back.Status, back.Target));
    }

    [Fact]
    public async Task Conversations_AreSpreadOverTheTargets()
    {
        await using var rig = await StartAsync(affinity: true);
        for (var i = 0; i < 64; i++)
        {
            Assert.Equal(200, (await rig.ChatAsync("conversation " + i)).Status);
        }

        Assert.InRange(rig.Primary.Log.Total, 16, 48);
    }

    [Fact]
    public async Task WithoutAffinity_OneConversationIsSpread()
    {
        await using var rig = await StartAsync(affinity: false);
        for (var i = 0; i < 64; i++)
        {
            await rig.ChatAsync();
        }

        Assert.InRange(rig.Primary.Log.Total, 10, 54);
    }

    private static Task<Rig> StartAsync(bool affinity) => Rig.StartAsync(new()
    {
        Strategy = RoutingStrategy.Weighted,
        Config = c => c with { Models = c.Models.Values.Select(m => m with { Affinity = affinity }).ToFrozenDictionary(m => m.Name) },
    });
}
