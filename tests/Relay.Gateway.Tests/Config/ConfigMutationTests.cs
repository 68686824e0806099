using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Config;

/// <summary>Whatever the bytes are, there is a configuration or at least one error, never an exception.</summary>
public sealed class ConfigMutationTests
{
    private static readonly byte[] Valid = Encoding.UTF8.GetBytes("""
        {
          "$schema": "x", "listen": { "gateway": "127.0.0.1:8080", "api": "[::1]:8090" }, "dataDir": "data",
          "providers": { "a": { "dialect": "openai", "baseUrl": "https://h:1/v1", "apiKey": "env:KEY", "headers": { "X-A": "file:key" }, "maxConnections": 8 },
            "b": { "baseUrl": "https://h/v1", "credentials": [ { "name": "x", "apiKey": "env:KEY", "weight": 3 }, { "apiKey": "env:OTHER" } ], "credentialRetryAfter": "2m",
              "egress": { "proxy": "env:PROXY", "caFile": "ca.pem", "clientCertificate": { "certFile": "ca.pem", "keyFile": "ca.key" }, "connectionIdle": "9s" } } },
          "models": { "m": { "strategy": "weighted", "targets": [ "a/x", { "target": "a/\u00e9\ud83d\ude00", "weight": 2.5, "reasoning": true } ],
            "timeouts": { "idle": "1.5s", "total": "1h" }, "retry": { "backoffBase": "250ms" }, "breaker": { "failureRatio": 0.5, "openFor": "5s" } } },
          "defaults": { "timeouts": { "connect": "1s" } },
          "keys": [ { "name": "k", "key": "sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", "models": [ "m" ], "requestsPerMinute": 6 } ],
          "prices": { "a/*": { "input": 1.25, "output": 1e1, "tiers": [ { "aboveInputTokens": 9, "input": 1, "output": 2 } ] } },
          "limits": { "maxConcurrentRequests": 7 }
        }
        """);

    private static readonly string[] Pieces = ["\\ud800", "\\u0000", "1e400", "-0", "null", "{}", "[]", "\"\"", "\"", "\\", "*", "/", "//", "/*", ":", ",", " ", "é", "99999999999999999999999999999999", "[[[[", "}}", "@", "?", "file:", "env:", "sha256:", "\0"];

    private static readonly TestPair Pair = new TestCertificates().Issue();

    private static FakeEnvironment Env => new FakeEnvironment().Variable("KEY", "k").Variable("OTHER", "o").Variable("PROXY", "http://u:p%40@h:1").File("/relay/key", "k").File("/relay/ca.pem", Pair.Certificate).File("/relay/ca.key", Pair.Key);

    [Fact]
    public void Unchanged_file_is_valid() => Assert.True(ConfigLoader.Parse(Valid, "/relay/relay.json", Env).IsValid);

    [Fact]
    public void Random_mutations_never_throw_and_give_a_configuration_or_an_error()
    {
        var edits = ArbMap.Default.ArbFor<(int Kind, int At, int What)[]>();

        Prop.ForAll(edits, list => HasOutcome(Mutate(list))).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(6));
    }

    [Fact]
    public void Each_value_replaced_by_each_piece_never_throws()
    {
        for (var at = 0; at < Valid.Length; at++)
        {
            foreach (var piece in Pieces)
            {
                Assert.True(HasOutcome([.. Valid[..at], .. Encoding.UTF8.GetBytes(piece), .. Valid[at..]]), $"{piece} at {at}");
            }
        }
    }

    [Fact]
    public void Each_cut_of_the_file_gives_an_error()
    {
        for (var length = 0; length < Valid.Length; length++)
        {
            Assert.False(ConfigLoader.Parse(Valid.AsMemory(0, length), "/relay/relay.json", Env).IsValid, $"cut at {length}");
        }
    }

    private static bool HasOutcome(byte[] bytes)
    {
        var result = ConfigLoader.Parse(bytes, "/relay/relay.json", Env);
        return result.IsValid ? result.Errors.IsEmpty : result.Errors.Length > 0 && result.Errors.All(e => e.Path.StartsWith('$') && e.Message.Length > 0 && e.Fix.Length > 0 && !e.ToString().Contains('\n'));
    }

    private static byte[] Mutate((int Kind, int At, int What)[] edits)
    {
        var bytes = Valid.ToList();
        foreach (var (kind, at, what) in edits)
        {
            // FsCheck's numbers are small: spread them over the file.
            var index = (int)((uint)(at * 2_654_435_761L) % (uint)bytes.Count);
            switch ((uint)kind % 4)
            {
                case 0:
                    bytes[index] = (byte)(what * 37);
                    break;
                case 1:
                    bytes.RemoveRange(index, Math.Min((int)((uint)what % 9), bytes.Count - index - 1));
                    break;
                case 2:
                    bytes.InsertRange(index, Encoding.UTF8.GetBytes(Pieces[(uint)what % Pieces.Length]));
                    break;
                default:
                    bytes.InsertRange(index, bytes.Skip((int)((uint)what % (uint)bytes.Count)).Take(40).ToArray());
                    break;
            }
        }

        return [.. bytes];
    }
}
