using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Clients;

/// <summary>A gateway in front of one simulator that speaks a given dialect.</summary>
internal static class DialectRig
{
    public static TheoryData<Dialect> All => [Dialect.OpenAi, Dialect.Anthropic, Dialect.Gemini];

    /// <summary>Faults, the kind of each, and the status that a client sees.</summary>
    public static TheoryData<Dialect, string, int> Errors()
    {
        var data = new TheoryData<Dialect, string, int>();
        foreach (var dialect in All)
        {
            data.Add(dialect, "status=429", 429);
            data.Add(dialect, "overloaded", 503);
            data.Add(dialect, "unauthorized", 502);
            data.Add(dialect, "status=400,code=context_length_exceeded", 400);
        }

        return data;
    }

    public static Task<Rig> StartAsync(Dialect dialect) => Rig.StartAsync(new() { Simulators = 1, Dialect = _ => dialect });
}
