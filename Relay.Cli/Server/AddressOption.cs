using System.CommandLine;

namespace Relay.Cli.Server;

/// <summary><c>--address</c>, the same for every command that asks a server.</summary>
internal static class AddressOption
{
    /// <summary>Creates it.</summary>
    public static Option<ServerAddress> Create() => new("--address", "-a")
    {
        Description = $"Relay's gRPC API: {ServerAddress.Form}.",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => ServerAddress.Default,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!ServerAddress.TryParse(text, out var address))
            {
                result.AddError($"--address is '{Printable.Text(text)}'; it must be {ServerAddress.Form}.");
            }

            return address!;
        },
    };
}
