using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Relay.Api.Stats;
using Relay.Api.Tests.Live;
using Relay.Silo.Grains;

namespace Relay.Api.Tests.OpenApi;

/// <summary>/api/v1/openapi.json says what is so: every route is in it and nothing else, and real answers are as it says.</summary>
public sealed class OpenApiTests
{
    private const string Token = "an-admin-token";

    [Fact]
    public async Task EveryRouteIsDocumented_AndEveryDocumentedPathIsARoute()
    {
        await using var api = await RunningApi.StartAsync();
        var document = await DocumentAsync(api);
        var mapped =
            from route in api.App.Routes
            let path = route.RoutePattern.RawText!
            where !IsPage(path)
            from method in route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods
            where method != "HEAD"
            from spelled in Spelled(path, method)
            select $"{method} {spelled}";
        var documented =
            from path in (JsonObject)document["paths"]!
            from method in (JsonObject)path.Value!
            select $"{method.Key.ToUpperInvariant()} {path.Key}";
        Assert.Equal(mapped.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RealAnswers_AreAsDocumentedInEveryField()
    {
        await using var api = await BusyAsync();
        var document = await DocumentAsync(api);
        var check = new SchemaCheck(document);
        var seen = new HashSet<string>();
        foreach (var (path, methods) in (JsonObject)document["paths"]!)
        {
            foreach (var (method, operation) in (JsonObject)methods!)
            {
                foreach (var request in Requests(path, method))
                {
                    using (request)
                    {
                        await CheckAsync(api, check, operation!, request, seen);
                    }
                }
            }
        }

        // The conditions that could not be made here: a fault, grains that are away, a thousand watchers.
        var never = Statuses(document).Except(seen).Where(status => !status.EndsWith(" 500", StringComparison.Ordinal) && !status.EndsWith(" 503", StringComparison.Ordinal));
        Assert.Empty(never);
    }

    [Fact]
    public async Task Frame_IsAsDocumented()
    {
        await using var api = await BusyAsync();
        var document = await DocumentAsync(api);
        using var events = await EventReader.OpenAsync(api);
        await events.NextAsync();
        var frame = JsonNode.Parse((await events.FrameAsync()).GetRawText());
        Assert.Single(frame!["failovers"]!.AsArray());
        Assert.Empty(new SchemaCheck(document).Check(document["paths"]!["/api/v1/watch"]!["get"]!["responses"]!["200"]!["content"]!["text/event-stream"]!["schema"]!, frame));
    }

    [Fact]
    public async Task Planted_WrongAnswers_AreFound()
    {
        await using var api = await BusyAsync();
        var document = await DocumentAsync(api);
        var check = new SchemaCheck(document);
        var schema = document["paths"]!["/api/v1/models"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
        foreach (var (spoil, expected) in new (Action<JsonObject>, string)[]
        {
            (root => root.Remove("total"), "$.total: required"),
            (root => root["more"] = 1, "$.more: not documented"),
            (root => root["models"]![0]!.AsObject().Remove("streams"), "$.models[0].streams: required"),
            (root => root["models"]![0]!["extra"] = 1, "$.models[0].extra: not documented"),
            (root => root["models"]![0]!["targets"]![0]!["attempts"] = "4", "$.models[0].targets[0].attempts: type"),
            (root => root["window"] = "2m", "$.window: enum"),
            (root => root["generatedAt"] = "yesterday", "$.generatedAt: format"),
            (root => root["models"]![0]!["successRate"] = 1.5, "$.models[0].successRate: maximum"),
            (root => root["models"]![0]!["errors"]!["idle_timeout"] = 0, "$.models[0].errors.idle_timeout: minimum"),
        })
        {
            var answer = JsonNode.Parse((await api.GetJsonAsync("/api/v1/models")).GetRawText())!.AsObject();
            Assert.Empty(check.Check(schema, answer));
            spoil(answer);
            Assert.Equal([expected], check.Check(schema, answer));
        }
    }

    [Fact]
    public async Task Metrics_AreThoseThatCanBeAskedFor()
    {
        await using var api = await RunningApi.StartAsync();
        var parameters = (await DocumentAsync(api))["components"]!["parameters"]!;
        Assert.Equal(SeriesMetric.All.Select(metric => metric.Name), parameters["metric"]!["schema"]!["enum"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(HeatmapMetric.All.Select(metric => metric.Name), parameters["heatmapMetric"]!["schema"]!["enum"]!.AsArray().Select(name => (string)name!));
    }

    [Fact]
    public async Task Document_IsWhole()
    {
        await using var api = await RunningApi.StartAsync();
        var document = await DocumentAsync(api);
        var check = new SchemaCheck(document);
        Assert.Equal("3.1.0", (string?)document["openapi"]);
        var references = All(document).OfType<JsonObject>().Select(node => (string?)node["$ref"]).OfType<string>().ToHashSet();
        Assert.All(references, reference => Assert.NotNull(check.Resolve(new JsonObject { ["$ref"] = reference })));
        var schemas = (JsonObject)document["components"]!["schemas"]!;
        Assert.Empty(schemas.Select(schema => $"#/components/schemas/{schema.Key}").Except(references));
        var ids = All(document["paths"]!).OfType<JsonObject>().Select(node => (string?)node["operationId"]).OfType<string>().ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    /// <summary>The page's own parts: for people.</summary>
    private static bool IsPage(string path) => path is "/" || path.EndsWith(".css", StringComparison.Ordinal) || path.EndsWith(".js", StringComparison.Ordinal);

    /// <summary>A name at the end of a path takes a view as well, where it is read.</summary>
    private static IEnumerable<string> Spelled(string pattern, string method)
    {
        var kind = pattern.Split('/')[^2].TrimEnd('s');
        var name = kind == "breaker" ? "target" : kind;
        var path = pattern.Replace("{**name}", $"{{{name}}}", StringComparison.Ordinal);
        return pattern.Contains("{**", StringComparison.Ordinal) && kind != "breaker" && method == "GET" ? [path, path + "/series", path + "/heatmap"] : [path];
    }

    private static IEnumerable<HttpRequestMessage> Requests(string path, string method)
    {
        var right = path.Replace("{model}", "chat", StringComparison.Ordinal).Replace("{target}", "openai/gpt-4.1", StringComparison.Ordinal);
        var needed = path.EndsWith("/series", StringComparison.Ordinal) ? "?metric=latency_p95&window=1h" : "";
        if (method != "get")
        {
            yield return Change(right, """{"force":"closed","note":"x"}""");
            yield return Change(right, "{}");
            yield return Change(right, """{"force":"none"}""", token: null);
            yield return Change(right, """{"force":"none"}""", token: "other");
            yield return Change(right + "x", """{"force":"none"}""");
            yield return Change(right, new string(' ', 5_000));
            yield return Change(right, """{"force":"none"}""", type: "text/plain");
            yield break;
        }

        yield return With(new HttpRequestMessage(HttpMethod.Get, right + needed), path.EndsWith("/audit", StringComparison.Ordinal) ? Token : null);
        yield return With(new HttpRequestMessage(HttpMethod.Get, right + (needed.Length == 0 ? "?" : needed + "&") + "nonsense=1"), path.EndsWith("/audit", StringComparison.Ordinal) ? Token : null);
        yield return new HttpRequestMessage(HttpMethod.Get, right + needed) { Headers = { { "Host", "evil.example" } } };
        yield return new HttpRequestMessage(HttpMethod.Get, right + needed);
        if (right != path)
        {
            yield return new HttpRequestMessage(HttpMethod.Get, right.Replace("chat", "nope", StringComparison.Ordinal).Replace("gpt", "nope", StringComparison.Ordinal) + needed);
        }
        else if (path.EndsWith("/failovers", StringComparison.Ordinal))
        {
            yield return new HttpRequestMessage(HttpMethod.Get, right + "?model=nope");
        }

        HttpRequestMessage Change(string at, string body, string? token = Token, string type = "application/json") =>
            With(new HttpRequestMessage(method == "put" ? HttpMethod.Put : HttpMethod.Post, at) { Content = new StringContent(body, Encoding.UTF8, type) }, token);
    }

    private static HttpRequestMessage With(HttpRequestMessage request, string? token)
    {
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static async Task CheckAsync(RunningApi api, SchemaCheck check, JsonNode operation, HttpRequestMessage request, HashSet<string> seen)
    {
        var what = $"{request.Method} {request.RequestUri}";
        using var answer = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token);
        var status = $"{(int)answer.StatusCode}";
        var documented = operation["responses"]![status];
        Assert.True(documented is not null, $"{what}: {status} is not documented");
        seen.Add($"{operation["operationId"]} {status}");
        var type = answer.Content.Headers.ContentType!.MediaType!;
        var content = check.Resolve(documented)["content"]![type];
        Assert.True(content is not null, $"{what}: {type} is not documented");
        if (type == "application/json")
        {
            Assert.Empty(check.Check(content["schema"]!, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Patience.Token))).Select(problem => $"{what}: {problem}"));
        }
    }

    private static IEnumerable<string> Statuses(JsonObject document) =>
        from path in (JsonObject)document["paths"]!
        from operation in (JsonObject)path.Value!
        from response in (JsonObject)operation.Value!["responses"]!
        select $"{operation.Value["operationId"]} {response.Key}";

    private static IEnumerable<JsonNode> All(JsonNode node) => new[] { node }.Concat(node switch
    {
        JsonObject o => o.Where(p => p.Value is not null).SelectMany(p => All(p.Value!)),
        JsonArray a => a.Where(i => i is not null).SelectMany(i => All(i!)),
        _ => [],
    });

    private static async Task<JsonObject> DocumentAsync(RunningApi api) => JsonNode.Parse((await api.GetJsonAsync("/api/v1/openapi.json")).GetRawText())!.AsObject();

    private static async Task<RunningApi> BusyAsync()
    {
        var api = await RunningApi.StartAsync(configure: options => options with { AdminTokenSha256 = () => SHA256.HashData(Encoding.UTF8.GetBytes(Token)) });
        await Traffic.ReportAsync(api.Grains);
        var story = new FailoverStory(Traffic.Start, FailoverKind.Rescue, "chat", "r1", "openai/gpt-4.1", "anthropic/claude", null, TimeSpan.FromMilliseconds(7), Succeeded: true);
        await api.Grains.ApplyAsync(new ModelDelta("g", 2, "chat", null, 5) { Stories = [story] }, default);
        var change = new BreakerChange(Traffic.Start, Core.Breaker.BreakerState.Closed, Core.Breaker.BreakerState.Open, Core.Breaker.BreakerReason.FailureRatio);
        await api.Grains.ApplyAsync(new TargetDelta("g", 2, "anthropic/claude", null, Traffic.Closed, 0) { Changes = [change] }, default);
        return api;
    }
}
