using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Relay.Simulator.Tests")]
