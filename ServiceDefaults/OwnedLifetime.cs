using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Relay.ServiceDefaults;

/// <summary>For a part that runs beside others in one process: its owner starts and stops it, so it must not take the process's signals for itself.</summary>
public static class OwnedLifetime
{
    /// <summary>Replaces the console lifetime, which would catch Ctrl+C and SIGTERM, with one that does nothing.</summary>
    public static IServiceCollection AddOwnedLifetime(this IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, Owned>());

    private sealed class Owned : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
