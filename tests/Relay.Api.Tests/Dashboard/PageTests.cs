using System.Net;
using System.Text.RegularExpressions;

namespace Relay.Api.Tests.Dashboard;

public partial class PageTests
{
    private static readonly string[] Scripts = ["/relay.js", "/page.js", "/format.js", "/figures.js", "/trails.js", "/stories.js", "/control.js"];

    [Fact]
    public async Task Scripts_ImportOnlyOneAnother()
    {
        await using var api = await RunningApi.StartAsync();
        foreach (var script in Scripts)
        {
            foreach (Match import in Import().Matches(await TextAsync(api, script)))
            {
                Assert.Contains("/" + import.Groups["file"].Value, Scripts);
            }
        }
    }

    [GeneratedRegex("from \"\\./(?<file>[^\"]*)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Import();

    [Theory]
    [InlineData("/", "text/html; charset=utf-8", "<!doctype html>")]
    [InlineData("/relay.css", "text/css; charset=utf-8", ":root {")]
    [InlineData("/relay.js", "text/javascript; charset=utf-8", "// ")]
    [InlineData("/page.js", "text/javascript; charset=utf-8", "// ")]
    [InlineData("/format.js", "text/javascript; charset=utf-8", "// ")]
    [InlineData("/figures.js", "text/javascript; charset=utf-8", "// ")]
    [InlineData("/trails.js", "text/javascript; charset=utf-8", "// ")]
    [InlineData("/stories.js", "text/javascript; charset=utf-8", "// ")]
    [InlineData("/control.js", "text/javascript; charset=utf-8", "// ")]
    public async Task Parts_AreServedWhole(string path, string contentType, string start)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, contentType), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_LoadsOnlyItsOwnPartsAndEachIsThere()
    {
        await using var api = await RunningApi.StartAsync();
        var references = Reference().Matches(await TextAsync(api, "/")).Select(m => m.Groups["to"].Value).ToArray();
        Assert.Contains("relay.js", references);
        foreach (var reference in references.Where(r => !r.StartsWith("data:", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(":", reference, StringComparison.Ordinal);
            using var answer = await api.SendAsync("GET", "/" + reference.TrimStart('/'));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Parts_NameNoOtherHost()
    {
        await using var api = await RunningApi.StartAsync();
        foreach (var path in Scripts.Prepend("/relay.css").Prepend("/"))
        {
            var text = (await TextAsync(api, path)).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.DoesNotMatch("https?://|@import|url\\(", text);
        }
    }

    [Fact]
    public async Task Script_NeverWritesMarkupAndNeedsNothingThePolicyForbids()
    {
        await using var api = await RunningApi.StartAsync();
        foreach (var script in Scripts)
        {
            Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new Function|setAttribute\\(\"(on|style)", await TextAsync(api, script));
        }

        Assert.DoesNotMatch("<script>|<style|\\sstyle=|\\son[a-z]+=", await TextAsync(api, "/"));
    }

    [Fact]
    public async Task Info_NamesVersionsGatewayAndModels()
    {
        await using var api = await RunningApi.StartAsync();
        Assert.Equal(
            """{"version":"1.2.3","configVersion":"0a1b2c3d4e5f","gatewayUrl":"http://127.0.0.1:8080","models":["chat","openai/gpt-4.1"]}""",
            (await api.GetJsonAsync("/api/v1/info")).GetRawText());
    }

    private static async Task<string> TextAsync(RunningApi api, string path) => await api.Client.GetStringAsync(new Uri(path, UriKind.Relative));

    [GeneratedRegex("(?:src|href)=\"(?<to>[^\"]+)\"", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Reference();
}
