using System.Text.RegularExpressions;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Credentials;

/// <summary>A gateway whose first provider has several credentials, on a clock that stands still unless it is moved: what waits, hangs.</summary>
internal sealed partial class CredentialRig : IAsyncDisposable
{
    private CredentialRig(Rig rig, ManualTimeProvider time) => (Rig, Time) = (rig, time);

    public Rig Rig { get; }

    public ManualTimeProvider Time { get; }

    /// <summary>Starts it with credentials such as <c>a:2</c>, name and weight; the text of a is sk-secret-a.</summary>
    /// <param name="credentials">The credentials.</param>
    /// <param name="options">All else; null: one simulator.</param>
    /// <param name="realTime">The gateway runs on the system's clock after all.</param>
    public static async Task<CredentialRig> StartAsync(string credentials, RigOptions? options = null, bool realTime = false)
    {
        var time = new ManualTimeProvider();
        var all = credentials.Split(' ').Select(c => c.Split(':')).Select(c => new CredentialOptions
        {
            Name = c[0],
            ApiKey = new Secret(Text(c[0])),
            Weight = c.Length > 1 ? int.Parse(c[1]) : 1,
        });
        options ??= new RigOptions { Simulators = 1 };
        var rig = await Rig.StartAsync(options with
        {
            Time = realTime ? TimeProvider.System : time,
            Config = c => c with { Providers = Providers.Change(c, p => p.Name == "p0" ? p with { ApiKey = null, Credentials = [.. all] } : p) },
        });
        return new(rig, time);
    }

    public static string Text(string name) => "sk-secret-" + name;

    /// <summary>The first provider answers so to one credential; replaces what was said before.</summary>
    public void Script(params (string Name, string Fault)[] faults) =>
        Rig.Primary.Faults.Set([.. faults.Select(f => ("*", Relay.Simulator.Fault.Parse($"{f.Fault},key={Text(f.Name)}")))]);

    /// <summary>Sends so many requests one after the other; each is answered.</summary>
    public async Task<string> AnsweredByAsync(int count = 1, bool stream = false)
    {
        var by = "";
        for (var i = 0; i < count; i++)
        {
            var chat = await Rig.ChatAsync(stream: stream);
            Assert.Equal((200, Rig.Expected()), (chat.Status, chat.Text));
            by += string.Concat((await Rig.Records.NextAsync()).Attempts.Select(a => a.Credential)) + " ";
        }

        return by.TrimEnd();
    }

    /// <summary>How each credential stands: <c>a=0 b=2</c>.</summary>
    public string States() => string.Join(' ', State().Matches(Rig.Scrape()).Select(m => m.Groups["name"].Value + "=" + m.Groups["state"].Value));

    /// <summary>The value of a family's one sample that has this text in its labels; null when there is none.</summary>
    public string? Metric(string family, string label = "") =>
        Rig.Scrape().Split('\n').SingleOrDefault(l => l.StartsWith(family + "{", StringComparison.Ordinal) && l.Contains(label, StringComparison.Ordinal))?.Split(' ')[^1];

    public async ValueTask DisposeAsync() => await Rig.DisposeAsync();

    [GeneratedRegex("""^relay_credential_state\{provider="p0",credential="(?<name>[^"]+)"\} (?<state>\d)$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex State();
}
