namespace Relay.AppHost; internal static class Program { private static void Main() { } }
