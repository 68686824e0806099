namespace Relay.Gateway.Tests.Config;

/// <summary>Errors of models, targets, and the order of their options.</summary>
public sealed class ConfigModelErrorTests
{
    public static TheoryData<string, string, string, string, string> Errors => new()
    {
        { "models.x", "1", "$.models.x", "must be an object", "targets" },
        { "models.x", "{}", "$.models.x", "has no 'targets'", "openai/gpt-4.1" },
        { "models.", "{ \"targets\": [ \"sim/a\" ] }", "$.models['']", "the model's name is empty", "1 to 200" },
        { "models. x", "{ \"targets\": [ \"sim/a\" ] }", "$.models[' x']", "begins or ends with a space", "1 to 200" },
        { "models.a\u0007b", "{ \"targets\": [ \"sim/a\" ] }", "$.models['a\\u0007b']", "the model's name has a control character", "no control characters" },
        { "models.o*i", "{ \"targets\": [ \"sim/a\" ] }", "$.models['o*i']", "the model's name 'o*i' has a * that is not its last character", "\"openai/*\"" },
        { "models.m.targets", "[ \"sim/*\" ]", "$.models.m.targets[0]", "'sim/*' ends in *, but the model's name does not", "end the model's name in *" },
        { "models.m*", "{ \"targets\": [ \"sim/*-a\" ] }", "$.models['m*'].targets[0]", "has a * that is not its last character", "at its end" },
        { "models.m*", "{ \"targets\": [ { \"target\": \"sim/*\", \"standbyProbe\": { \"kind\": \"chat\" } } ] }", "$.models['m*'].targets[0].standbyProbe", "a chat needs one model", "\"models\"" },
        { "models.m.affinity", "1", "$.models.m.affinity", "must be true or false", "without quotes" },
        { "models.m.stratgy", "1", "$.models.m.stratgy", "unknown field", "did you mean 'strategy'?" },
        { "models.m.strategy", "\"wieghted\"", "$.models.m.strategy", "no strategy 'wieghted'", "did you mean 'weighted'?" },
        { "models.m.strategy", "1", "$.models.m.strategy", "must be a string", "weighted" },
        { "models.m.targets", "\"sim/a\"", "$.models.m.targets", "must be a list", "[ \"openai/gpt-4.1\" ]" },
        { "models.m.targets", "[]", "$.models.m.targets", "there are no targets", "from 1 to 64" },
        { "models.m.targets", "[ 1 ]", "$.models.m.targets[0]", "must be a string or an object, but is a number", "provider/upstream-model" },
        { "models.m.targets", "[ \"gpt\" ]", "$.models.m.targets[0]", "'gpt' is not a provider and its model", "provider/upstream-model" },
        { "models.m.targets", "[ \"/gpt\" ]", "$.models.m.targets[0]", "is not a provider and its model", "provider/upstream-model" },
        { "models.m.targets", "[ \"sim/\" ]", "$.models.m.targets[0]", "is not a provider and its model", "provider/upstream-model" },
        { "models.m.targets", "[ \"sim/a\\nb\" ]", "$.models.m.targets[0]", "the upstream model's name has a control character", "1 to 200" },
        { "models.m.targets", "[ \"sim/a\", \"opnai/b\" ]", "$.models.m.targets[1]", "no provider 'opnai'", "configured are 'openai', 'sim' — did you mean 'openai'?" },
        { "models.m.targets", "[ \"zzzzzz/b\" ]", "$.models.m.targets[0]", "no provider 'zzzzzz'", "configured are 'openai', 'sim'" },
        { "models.m.targets", "[ \"sim/a\", { \"target\": \"opnai/b\" } ]", "$.models.m.targets[1].target", "no provider 'opnai'", "did you mean 'openai'?" },
        { "models.m.targets", "[ {} ]", "$.models.m.targets[0]", "has no 'target'", "weight" },
        { "models.m.targets", "[ { \"target\": \"sim/a\", \"wieght\": 1 } ]", "$.models.m.targets[0].wieght", "unknown field 'wieght'", "did you mean 'weight'?" },
        { "models.m.targets", "[ { \"target\": \"sim/a\", \"weight\": -1 } ]", "$.models.m.targets[0].weight", "-1 is out of bounds", "from 0 to 1,000,000, without quotes (default 1)" },
        { "models.m.targets", "[ { \"target\": \"sim/a\", \"reasoning\": \"yes\" } ]", "$.models.m.targets[0].reasoning", "must be true or false, but is a string", "without quotes" },
        { "models.m.targets", "[ \"sim/a\", { \"target\": \"sim/a\" } ]", "$.models.m.targets[1]", "'sim/a' is already at $.models.m.targets[0]", "weight" },
        { "models.m.timeouts", "\"5s\"", "$.models.m.timeouts", "must be an object", "firstToken" },
        { "models.m.timeouts.firsttoken", "\"5s\"", "$.models.m.timeouts.firsttoken", "unknown field", "did you mean 'firstToken'?" },
        { "models.m.timeouts.idle", "5", "$.models.m.timeouts.idle", "must be a string with a unit, but is a number", "write \"5s\" for seconds" },
        { "models.m.timeouts.idle", "true", "$.models.m.timeouts.idle", "must be a string", "from 1ms to 24h (default \"20s\")" },
        { "models.m.timeouts.idle", "\"5\"", "$.models.m.timeouts.idle", "'5' is not a duration", "its unit" },
        { "models.m.timeouts.idle", "\"5S\"", "$.models.m.timeouts.idle", "'5S' is not a duration", "\"5s\"" },
        { "models.m.timeouts.idle", "\"1m30s\"", "$.models.m.timeouts.idle", "is not a duration", "its unit" },
        { "models.m.timeouts.idle", "\"-5s\"", "$.models.m.timeouts.idle", "is not a duration", "its unit" },
        { "models.m.timeouts.idle", "\"5s\\n\"", "$.models.m.timeouts.idle", "is not a duration", "its unit" },
        { "models.m.timeouts.idle", "\"0s\"", "$.models.m.timeouts.idle", "'0s' is out of bounds", "from 1ms to 24h (default \"20s\")" },
        { "models.m.timeouts.total", "\"25h\"", "$.models.m.timeouts.total", "'25h' is out of bounds", "from 1ms to 24h (default \"5m\")" },
        { "models.m.timeouts.total", "\"999999999999h\"", "$.models.m.timeouts.total", "is out of bounds", "to 24h" },
        { "models.m.timeouts.finishGrace", "\"61s\"", "$.models.m.timeouts.finishGrace", "is out of bounds", "from 0s to 1m (default \"2s\")" },
        { "models.m.timeouts.reasoningFactor", "0.5", "$.models.m.timeouts.reasoningFactor", "0.5 is out of bounds", "from 1 to 20, without quotes (default 5)" },
        { "models.m.timeouts", "{ \"idle\": \"10m\" }", "$.models.m.timeouts.idle", "'idle' (10m) is longer than 'total' (5m, its default)", "raise 'total'" },
        { "models.m.timeouts", "{ \"attempt\": \"2m\", \"total\": \"1m\" }", "$.models.m.timeouts.attempt", "'attempt' (2m) is longer than 'total' (1m)", "lower 'attempt'" },
        { "models.m.timeouts", "{ \"firstToken\": \"301s\" }", "$.models.m.timeouts.firstToken", "'firstToken' (301s) is longer than 'total'", "lower 'firstToken'" },
        { "models.m.timeouts", "{ \"firstTokenLast\": \"2h\" }", "$.models.m.timeouts.firstTokenLast", "is longer than 'total'", "lower" },
        { "models.m.timeouts", "{ \"connect\": \"2h\" }", "$.models.m.timeouts.connect", "is longer than 'total'", "lower" },
        { "models.m.timeouts", "{ \"firstToken\": \"9s\", \"firstTokenLast\": \"8s\" }", "$.models.m.timeouts.firstToken", "longer than 'firstTokenLast' (8s)", "raise 'firstTokenLast'" },
        { "models.m.timeouts", "{ \"firstToken\": \"6m\", \"total\": 400 }", "$.models.m.timeouts.total", "must be a string with a unit", "\"400s\"" },
        { "defaults.timeouts", "{ \"firstToken\": \"9s\", \"firstTokenLast\": \"8s\" }", "$.defaults.timeouts.firstToken", "longer than 'firstTokenLast'", "lower" },
        { "models.m.retry.maxPerTarget", "11", "$.models.m.retry.maxPerTarget", "11 is out of bounds", "from 0 to 10, without quotes (default 2)" },
        { "models.m.retry.maxPerTarget", "1.5", "$.models.m.retry.maxPerTarget", "1.5 is not a whole number", "whole" },
        { "models.m.retry.budgetRatio", "1.01", "$.models.m.retry.budgetRatio", "1.01 is out of bounds", "from 0 to 1, without quotes (default 0.2)" },
        { "models.m.retry.budgetFloor", "-1", "$.models.m.retry.budgetFloor", "is out of bounds", "from 0 to 1,000,000" },
        { "models.m.retry", "{ \"backoffBase\": \"6s\", \"backoffMax\": \"5s\" }", "$.models.m.retry.backoffBase", "'backoffBase' (6s) is longer than 'backoffMax' (5s)", "raise 'backoffMax'" },
        { "models.m.retry", "{ \"retryAfterWaitMax\": \"6s\", \"retryAfterMax\": \"5s\" }", "$.models.m.retry.retryAfterWaitMax", "longer than 'retryAfterMax'", "lower" },
        { "models.m.retry.retryAfterMax", "\"2h\"", "$.models.m.retry.retryAfterMax", "is out of bounds", "from 0s to 1h (default \"1m\")" },
        { "models.m.breaker.enabled", "1", "$.models.m.breaker.enabled", "must be true or false", "true" },
        { "models.m.breaker.failureRatio", "0", "$.models.m.breaker.failureRatio", "0 is out of bounds", "above 0 up to 1, without quotes (default 0.5)" },
        { "models.m.breaker.jitter", "0.51", "$.models.m.breaker.jitter", "is out of bounds", "from 0 to 0.5" },
        { "models.m.breaker.window", "\"999ms\"", "$.models.m.breaker.window", "is out of bounds", "from 1s to 1h (default \"30s\")" },
        { "models.m.breaker.openFor", "\"9ms\"", "$.models.m.breaker.openFor", "is out of bounds", "from 10ms to 1h" },
        { "models.m.breaker", "{ \"openFor\": \"30s\", \"openForMax\": \"20s\" }", "$.models.m.breaker.openFor", "longer than 'openForMax' (20s)", "raise 'openForMax'" },
        { "models.m.breaker.consecutiveFailures", "0", "$.models.m.breaker.consecutiveFailures", "0 is out of bounds", "from 1 to 1,000" },
        { "models.m.breaker.minimumRequests", "0", "$.models.m.breaker.minimumRequests", "0 is out of bounds", "from 1 to 1,000,000" },
        { "models.m.breaker.rampAboveRequestsPerSecond", "-1", "$.models.m.breaker.rampAboveRequestsPerSecond", "is out of bounds", "from 0" },
        { "models.m.slow.factor", "1", "$.models.m.slow.factor", "1 is out of bounds", "from 1.5 to 100" },
        { "models.m.slow.minSamples", "9", "$.models.m.slow.minSamples", "9 is out of bounds", "from 10 to 100,000" },
        { "models.m.slow.minDifference", "250", "$.models.m.slow.minDifference", "must be a string with a unit", "\"250s\"" },
        { "models.m.slow.acceptAfter", "\"0s\"", "$.models.m.slow.acceptAfter", "is out of bounds", "from 1s to 24h" },
        { "models.m.slow.firstTokenLimit", "\"2s\"", "$.models.m.slow.firstTokenLimit", "unknown field", "firstTokenMax" },
        { "models.m.breaker.rampFor", "\"2h\"", "$.models.m.breaker.rampFor", "is out of bounds", "from 0s to 1h" },
        { "defaults", "[]", "$.defaults", "must be an object", "timeouts" },
        { "defaults.breakers", "{}", "$.defaults.breakers", "unknown field", "did you mean 'breaker'?" },
        { "defaults.breaker.jitter", "\"0.1\"", "$.defaults.breaker.jitter", "must be a number, but is a string", "without quotes" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Wrong_value_is_reported_with_path_and_fix(string set, string json, string path, string message, string fix) =>
        ConfigText.OnlyError(ConfigText.With(set, json), path, message, fix);

    [Fact]
    public void Model_name_over_200_characters_is_refused()
    {
        var name = new string('m', 201);

        ConfigText.OnlyError(ConfigText.With("models." + name, """{ "targets": [ "sim/a" ] }"""), "$.models." + name, "is longer than 200 characters", "1 to 200");
    }

    [Fact]
    public void More_than_64_targets_are_refused_and_64_are_not()
    {
        static string Targets(int count) => $"[ {string.Join(", ", Enumerable.Range(0, count).Select(i => $"\"sim/{i}\""))} ]";

        ConfigText.OnlyError(ConfigText.With("models.m.targets", Targets(65)), "$.models.m.targets", "there are 65 targets", "from 1 to 64");
        Assert.Equal(64, ConfigText.Valid(ConfigText.With("models.m.targets", Targets(64))).Models["m"].Targets.Length);
    }

    [Fact]
    public void Models_that_give_one_target_different_breakers_are_refused()
    {
        var text = ConfigText.With("models.other", """{ "targets": [ "sim/a", "openai/gpt-4.1" ], "breaker": { "openFor": "7s" } }""");

        ConfigText.OnlyError(text, "$.models.other.breaker", "'openai/gpt-4.1' has other breaker options in the model 'm'", "$.defaults.breaker");
    }

    [Fact]
    public void Models_that_give_one_target_different_notions_of_slow_are_refused()
    {
        var text = ConfigText.With("models.other", """{ "targets": [ "sim/a", "openai/gpt-4.1" ], "slow": { "factor": 5 } }""");

        ConfigText.OnlyError(text, "$.models.other.slow", "'openai/gpt-4.1' has other slow options in the model 'm'", "$.defaults.slow");
    }

    [Fact]
    public void Models_that_share_a_target_and_its_breaker_are_fine()
    {
        var text = ConfigText.With("models.other", """{ "targets": [ "openai/gpt-4.1" ], "breaker": { "openFor": "5s" } }""");

        Assert.Equal(2, ConfigText.Valid(text).Models.Count);
    }

    [Fact]
    public void Order_broken_between_defaults_and_model_is_reported_once_at_the_model()
    {
        var text = ConfigText.With("defaults.timeouts.idle", "\"90s\"", ConfigText.With("models.m.timeouts.total", "\"1m\""));

        ConfigText.OnlyError(text, "$.models.m.timeouts.total", "'idle' (90s) is longer than 'total' (1m)", "raise 'total'");
    }

    [Fact]
    public void Order_broken_in_defaults_is_not_repeated_by_models()
    {
        var defaults = ConfigText.With("defaults.retry", """{ "backoffBase": "6s", "backoffMax": "5s" }""");

        ConfigText.OnlyError(ConfigText.With("models.m.retry.maxPerTarget", "1", defaults), "$.defaults.retry.backoffBase", "longer than", "lower");
    }
}
