using System.Security.Cryptography;
using System.Text;

namespace Relay.Gateway.Tests.Config;

public sealed class ConfigAdminTests
{
    private const string Token = "an-admin-token-of-tests";
    private const string FromVariable = """{ "token": "env:ADMIN" }""";

    [Fact]
    public void Token_is_kept_as_its_digest_only()
    {
        var config = ConfigText.Valid(ConfigText.With("admin", FromVariable), Env(Token));

        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(Token)), config.Admin.TokenSha256!.Value);
        Assert.DoesNotContain(Token, config.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_section_or_with_an_empty_one_there_is_none()
    {
        Assert.Null(ConfigText.Valid(ConfigText.Minimal, new FakeEnvironment()).Admin.TokenSha256);
        Assert.Null(ConfigText.Valid(ConfigText.With("admin", "{}"), new FakeEnvironment()).Admin.TokenSha256);
    }

    [Fact]
    public void Token_that_can_be_guessed_is_refused_without_being_shown() =>
        ConfigText.OnlyError(ConfigText.With("admin", FromVariable), "$.admin.token", "shorter than 16 characters", "openssl rand", Env("hunter2"));

    [Fact]
    public void Token_in_the_file_itself_is_refused() =>
        ConfigText.OnlyError(ConfigText.With("admin.token", $"\"{Token}\""), "$.admin.token", "secrets do not belong in the file", "write \"env:NAME\"", Env(Token));

    [Fact]
    public void Token_that_is_a_clients_key_is_refused() => ConfigText.OnlyError(
        ConfigText.With("admin", FromVariable, ConfigText.With("keys", """[ { "name": "app", "key": "env:ADMIN" } ]""")), "$.admin.token", "the key of a client as well", "a value of its own", Env(Token));

    private static FakeEnvironment Env(string token) => new FakeEnvironment().Variable("ADMIN", token);
}
