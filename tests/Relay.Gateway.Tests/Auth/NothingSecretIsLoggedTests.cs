using System.Text;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Auth;

public sealed class NothingSecretIsLoggedTests
{
    private const string Prompt = "zyzzogeton";

    [Fact]
    public async Task AllSortsOfRequests_LeaveNoSecretAndNoPromptInAnyLog()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Timeouts = RawRig.Short, Config = c => c with { Keys = [KeyTests.Alice] } });
        rig.Client.DefaultRequestHeaders.Add("Authorization", "Bearer relay-key-of-alice");
        var answers = new StringBuilder();
        string[] faults =
        [
            "slow=1", "status=500", "unauthorized", "quota", "html", "reset", "truncated-body", "bad-json-body", "silence,times=1",
            "cut-after=3", "error-in-stream-after=3", "stall-after=3", "malformed-event-after=2", "status=400,code=content_policy_violation",
        ];
        foreach (var fault in faults)
        {
            rig.Primary.Faults.Clear();
            rig.Primary.Faults.Add("*", fault);
            answers.Append((await rig.ChatAsync(Prompt)).Raw).Append((await rig.ChatAsync(Prompt, stream: true)).Raw);
        }

        await SendBadAsync(rig, answers);

        // The simulator's answers do not repeat the prompt, so neither may any error.
        Assert.Contains("Listening", rig.Log.Text, StringComparison.OrdinalIgnoreCase);
        foreach (var secret in new[] { Prompt, "sk-upstream-secret", "relay-key-of-alice", "wrong-key-value", rig.Expected(Prompt)[..20] })
        {
            Assert.DoesNotContain(secret, rig.Log.Text, StringComparison.OrdinalIgnoreCase);
        }

        foreach (var secret in new[] { Prompt, "sk-upstream-secret", "relay-key-of-alice", "wrong-key-value" })
        {
            Assert.DoesNotContain(secret, answers.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    private static async Task SendBadAsync(Rig rig, StringBuilder answers)
    {
        string[] bodies =
        [
            "{\"model\":\"chat-default\",\"messages\":[\"" + Prompt, "{\"model\":\"chat-default\",\"messages\":\"" + Prompt + "\"}",
            "{\"model\":\"chat-default\",\"messages\":[{\"role\":\"user\",\"content\":\"" + Prompt + "\"}],\"" + Prompt + "\\ud800\":\"\\ud800\",\"n\":\"x\"}",
        ];
        foreach (var body in bodies)
        {
            using var response = await rig.PostAsync(body);
            answers.Append(await response.Content.ReadAsStringAsync());
        }

        var wrong = await RawClient.PostAsync(rig.Gateway.Url, Encoding.UTF8.GetBytes(Rig.Body(Prompt)), "Authorization: Bearer wrong-key-value\r\n");
        answers.Append(wrong.Text);
    }
}
