namespace Relay.Gateway.Tests.Config;

/// <summary>Errors of the file itself, listen, dataDir, providers and limits.</summary>
public sealed class ConfigSectionErrorTests
{
    public static TheoryData<string, string?, string, string, string> Errors => new()
    {
        { "modles", "{}", "$.modles", "unknown field 'modles'", "did you mean 'models'?" },
        { "zzz", "1", "$.zzz", "unknown field 'zzz'", "the fields here are '$schema', 'keys', 'listen'" },
        { "$schema", "1", "$.$schema", "must be a string", "schema" },
        { "dataDir", "7", "$.dataDir", "must be a string, but is a number", "folder" },
        { "dataDir", "\"\"", "$.dataDir", "the path is empty", "relative to the configuration file's folder" },
        { "dataDir", "\"a\\u0000b\"", "$.dataDir", "control character", "path" },
        { "dataDir", "\"~/relay\"", "$.dataDir", "begins with ~", "in full" },
        { "providers", null, "$.providers", "there are no providers", "baseUrl" },
        { "models", null, "$.models", "there are no models", "chat-default" },
        { "models", "{}", "$.models", "there are no models", "chat-default" },
        { "models", "[]", "$.models", "must be an object, but is a list", "chat-default" },
        { "listen", "\"127.0.0.1:1\"", "$.listen", "must be an object, but is a string", "gateway" },
        { "listen.gatewy", "\"127.0.0.1:1\"", "$.listen.gatewy", "unknown field 'gatewy'", "did you mean 'gateway'?" },
        { "listen.gateway", "8080", "$.listen.gateway", "must be a string", "127.0.0.1:8080" },
        { "listen.gateway", "\"8080\"", "$.listen.gateway", "'8080' is not an address with a port", "default \"127.0.0.1:8080\"" },
        { "listen.gateway", "\"127.0.0.1\"", "$.listen.gateway", "is not an address with a port", "port" },
        { "listen.gateway", "\"127.0.0.1:70000\"", "$.listen.gateway", "is not an address with a port", "from 0 to 65535" },
        { "listen.gateway", "\"1:80\"", "$.listen.gateway", "is not an address with a port", "IP address" },
        { "listen.gateway", "\"::1:80\"", "$.listen.gateway", "is not an address with a port", "[::1]:8080" },
        { "listen.gateway", "\"example.com:80\"", "$.listen.gateway", "is not an address with a port", "IP address" },
        { "listen.gateway", "\"0.0.0.0:8080\"", "$.listen.gateway", "no key is configured", "add $.keys" },
        { "listen.gateway", "\":8080\"", "$.listen.gateway", "no key is configured", "add $.keys" },
        { "listen.gateway", "\"[::]:8080\"", "$.listen.gateway", "no key is configured", "add $.keys" },
        { "listen.gateway", "\"127.0.0.1:8090\"", "$.listen.api", "port 8090 is that of gateway", "a port of its own" },
        { "listen.api", "\"0.0.0.0:8080\"", "$.listen.api", "port 8080 is that of gateway", "a port of its own" },
        { "listen.grpc", "\"127.0.0.1:8090\"", "$.listen.api", "port 8090 is that of grpc", "a port of its own" },
        { "listen.apiGrpc", "\":8081\"", "$.listen.apiGrpc", "port 8081 is that of grpc", "a port of its own" },
        { "listen.grpc", "\"0.0.0.0:8081\"", "$.listen.grpc", "no key is configured", "listen on 127.0.0.1" },
        { "limits.maxConcurrentRequests", "0", "$.limits.maxConcurrentRequests", "0 is out of bounds", "from 1 to 1,000,000, without quotes (default 10,000)" },
        { "limits.maxRequestBodyBytes", "1073741825", "$.limits.maxRequestBodyBytes", "is out of bounds", "to 1,073,741,824" },
        { "limits.maxPlainBufferBytes", "1e999", "$.limits.maxPlainBufferBytes", "1e999 is out of bounds", "to 268,435,456" },
        { "limits.maxSseLineBytes", "\"1MiB\"", "$.limits.maxSseLineBytes", "must be a whole number, but is a string", "without quotes" },
        { "limits.maxSseLineBytes", "2048.5", "$.limits.maxSseLineBytes", "2048.5 is not a whole number", "whole number" },
        { "limits.maxBody", "1", "$.limits.maxBody", "unknown field", "maxRequestBodyBytes" },
        { "providers.x", "1", "$.providers.x", "must be an object", "baseUrl" },
        { "providers.x", "{}", "$.providers.x", "has no 'baseUrl'", "https://api.openai.com/v1" },
        { "providers.a/b", "{ \"baseUrl\": \"http://h/v1\" }", "$.providers['a/b']", "the provider's name is too long or has other characters", "letters, digits" },
        { "providers.sim.baseURL", "\"x\"", "$.providers.sim.baseURL", "unknown field 'baseURL'", "did you mean 'baseUrl'?" },
        { "providers.sim.dialect", "\"opnai\"", "$.providers.sim.dialect", "no dialect 'opnai'", "did you mean 'openai'?" },
        { "providers.sim.dialect", "null", "$.providers.sim.dialect", "must be a string, but is null", "openai" },
        { "providers.sim.maxConnections", "0", "$.providers.sim.maxConnections", "0 is out of bounds", "from 1 to 100,000, without quotes (default 1,024)" },
        { "providers.sim.baseUrl", "1", "$.providers.sim.baseUrl", "must be a string", "URL" },
        { "providers.sim.baseUrl", "\"/v1\"", "$.providers.sim.baseUrl", "not an absolute http or https URL", "scheme" },
        { "providers.sim.baseUrl", "\"api.openai.com/v1\"", "$.providers.sim.baseUrl", "not an absolute http or https URL", "scheme" },
        { "providers.sim.baseUrl", "\"ftp://h/v1\"", "$.providers.sim.baseUrl", "not an absolute http or https URL", "scheme" },
        { "providers.sim.baseUrl", "\"http://h/v1?key=1\"", "$.providers.sim.baseUrl", "has a query or fragment", "path" },
        { "providers.sim.baseUrl", "\"http://h/v1#\"", "$.providers.sim.baseUrl", "has a query or fragment", "path" },
        { "providers.sim.baseUrl", "\"http://u:p@h/v1\"", "$.providers.sim.baseUrl", "holds a user name or password", "apiKey" },
        { "providers.sim.baseUrl", "\" http://h/v1\"", "$.providers.sim.baseUrl", "has a space", "URL" },
        { "providers.sim.baseUrl", "\"http://h/v1/chat/completions\"", "$.providers.sim.baseUrl", "ends in /chat/completions", "version" },
        { "providers.sim.headers", "[]", "$.providers.sim.headers", "must be an object", "X-Name" },
        { "providers.sim.headers.X-A", "1", "$.providers.sim.headers.X-A", "must be a string", "env:NAME" },
        { "providers.sim.headers.X-A", "\"\"", "$.providers.sim.headers.X-A", "is empty", "visible ASCII" },
        { "providers.sim.headers.X-A", "\"a\\r\\nHost: b\"", "$.providers.sim.headers.X-A", "has a line break", "visible ASCII" },
        { "providers.sim.headers.X-A", "\"é\"", "$.providers.sim.headers.X-A", "not visible ASCII", "visible ASCII" },
        { "providers.sim.headers.X A", "\"b\"", "$.providers.sim.headers", "the name of header 1 is not a header name", "letters, digits" },
        { "providers.sim.headers.", "\"b\"", "$.providers.sim.headers", "the name of header 1 is not a header name", "letters, digits" },
        { "providers.sim.headers.Authorization", "\"Bearer x\"", "$.providers.sim.headers.Authorization", "credentials are not sent as a header", "apiKey" },
        { "providers.sim.headers.host", "\"b\"", "$.providers.sim.headers.host", "'host' is set by Relay", "remove it" },
        { "providers.sim.headers.Content-Length", "\"1\"", "$.providers.sim.headers.Content-Length", "is set by Relay", "remove it" },
        { "providers.sim.headers.Transfer-Encoding", "\"1\"", "$.providers.sim.headers.Transfer-Encoding", "is set by Relay", "remove it" },
        { "providers.sim.headers.CONNECTION", "\"1\"", "$.providers.sim.headers.CONNECTION", "is set by Relay", "remove it" },
        { "providers.sim.headers", "{ \"X-A\": \"1\", \"x-a\": \"2\" }", "$.providers.sim.headers.x-a", "in another spelling", "keep one" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Wrong_value_is_reported_with_path_and_fix(string set, string? json, string path, string message, string fix)
    {
        // Without providers no target has one: that is an error of its own and not this test's.
        var text = set == "providers" ? """{ "models": { "m": { "targets": 1 } } }""" : ConfigText.With(set, json);
        if (set == "providers")
        {
            Assert.Contains(ConfigText.Parse(text).Errors, e => e.Path == path && e.Message.Contains(message) && e.Fix.Contains(fix));
            return;
        }

        ConfigText.OnlyError(text, path, message, fix);
    }

    [Fact]
    public void Too_many_headers_are_refused()
    {
        var headers = string.Join(", ", Enumerable.Range(0, 33).Select(i => $"\"X-{i}\": \"v\""));

        ConfigText.OnlyError(ConfigText.With("providers.sim.headers", $"{{ {headers} }}"), "$.providers.sim.headers", "has 33 headers", "at most 32");
    }

    [Fact]
    public void Duplicate_names_are_reported_at_every_level()
    {
        var result = ConfigText.Parse("""
            {
              "dataDir": "a", "dataDir": "b",
              "providers": { "p": { "baseUrl": "http://h/v1", "baseUrl": "http://h/v2" }, "p": { "baseUrl": "http://h/v3" } },
              "models": { "m": { "targets": [ { "target": "p/x", "target": "p/y" } ] } }
            }
            """);

        Assert.Equal(["$.dataDir", "$.providers.p", "$.providers.p.baseUrl", "$.models.m.targets[0].target"], result.Errors.Select(e => e.Path));
        Assert.All(result.Errors, e => Assert.Contains("more than once", e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_error_is_reported_at_once()
    {
        var result = ConfigText.Parse("""
            {
              "listen": { "gateway": "nowhere" },
              "dataDir": "",
              "providers": { "openai": { "baseUrl": "x", "apiKey": "sk-planted-secret" }, "sim": { "baseUrl": "http://h/v1" } },
              "models": { "chat-default": { "strategy": "best", "targets": [ "sim/a", { "target": "opnai/gpt" } ], "timeouts": { "idle": 5 } } },
              "defaults": { "retry": { "maxPerTarget": -1 } },
              "keys": [ { "name": "app", "key": "literal" } ],
              "prices": { "sim/a": { "input": "1", "output": 2 } },
              "limits": { "maxSseLineBytes": 1 },
              "more": true
            }
            """);

        Assert.Equal(
            [
                "$.dataDir", "$.defaults.retry.maxPerTarget", "$.keys[0].key", "$.limits.maxSseLineBytes", "$.listen.gateway", "$.models.chat-default.strategy",
                "$.models.chat-default.targets[1].target", "$.models.chat-default.timeouts.idle", "$.more", "$.prices.sim/a.input",
                "$.providers.openai.apiKey", "$.providers.openai.baseUrl",
            ],
            result.Errors.Select(e => e.Path.Replace("['sim/a']", ".sim/a", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(result.Errors.Length, result.ToString().Split('\n').Length);
    }
}
