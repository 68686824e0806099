using System.Runtime.CompilerServices;

// The benchmarks measure the parts that a request passes, and those are internal.
[assembly: InternalsVisibleTo("Relay.Benchmarks")]
[assembly: InternalsVisibleTo("Relay.Load")]
