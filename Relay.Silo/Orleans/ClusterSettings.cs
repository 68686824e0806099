using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Relay.Silo.Orleans;

/// <summary>
/// How processes find each other: Orleans' own settings under <c>Orleans</c>, as Aspire writes them, with Redis from
/// <c>ConnectionStrings:redis</c> for membership. Nothing but the connection string has to be set.
/// </summary>
public static class ClusterSettings
{
    /// <summary>The name of Redis' connection string.</summary>
    public const string Redis = "redis";

    /// <summary>The cluster's and the service's name when none is set.</summary>
    public const string DefaultName = "relay";

    /// <summary>How long a call to a grain may take: 5 s. The flusher waits for less.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);

    /// <summary>How often clients look for silos: 1 s, so that one that comes back is found at once.</summary>
    public static readonly TimeSpan LookFor = TimeSpan.FromSeconds(1);

    /// <summary>How often silos probe each other: 2 s. After <see cref="MissedProbes"/> without an answer a silo is dead for all.</summary>
    public static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(2);

    /// <summary>How many probes a silo may miss.</summary>
    public const int MissedProbes = 3;

    /// <summary>A grain that nobody calls keeps its windows for longer than the longest one.</summary>
    public static readonly TimeSpan KeepIdleGrains = TimeSpan.FromHours(25);

    /// <summary>Fills in what is not set.</summary>
    public static IConfigurationManager AddClusterDefaults(this IConfigurationManager configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var defaults = new Dictionary<string, string?>
        {
            ["Orleans:ClusterId"] = DefaultName,
            ["Orleans:ServiceId"] = DefaultName,
            ["Orleans:Clustering:ProviderType"] = "Redis",
            ["Orleans:Clustering:ServiceKey"] = Redis,
        };
        configuration.AddInMemoryCollection(defaults.Where(setting => configuration[setting.Key] is null));
        return configuration;
    }

    /// <summary>The connection to Redis under the name that Orleans' settings give it. It connects by itself, also when Redis comes later.</summary>
    public static IServiceCollection AddClusterRedis(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var name = configuration["Orleans:Clustering:ServiceKey"];
        if (string.IsNullOrEmpty(name))
        {
            return services;
        }

        return services.AddKeyedSingleton<IConnectionMultiplexer>(name, (_, _) =>
        {
            var text = configuration.GetConnectionString(name)
                ?? throw new InvalidOperationException($"ConnectionStrings:{name} is not set: where is Redis? Such as ConnectionStrings__{name}=127.0.0.1:6379.");
            var options = ConfigurationOptions.Parse(text);
            options.AbortOnConnectFail = false;
            return ConnectionMultiplexer.Connect(options);
        });
    }

    /// <summary>What every silo is set to.</summary>
    public static void Apply(ISiloBuilder silo) => silo
        .Configure<ClusterMembershipOptions>(static membership =>
        {
            membership.ProbeTimeout = ProbeEvery;
            membership.NumMissedProbesLimit = MissedProbes;

            // When all silos died at once, those that join would ask one dead silo to probe the other, and never learn that both are.
            membership.EnableIndirectProbes = false;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            membership.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
            membership.DefunctSiloExpiration = TimeSpan.FromHours(1);
        })
        .Configure<SiloMessagingOptions>(static messaging => messaging.ResponseTimeout = CallLimit)
        .Configure<GrainCollectionOptions>(static collection => collection.CollectionAge = KeepIdleGrains);

    /// <summary>What every client is set to.</summary>
    public static void Apply(IClientBuilder client) => client
        .Configure<GatewayOptions>(static gateway => gateway.GatewayListRefreshPeriod = LookFor)
        .Configure<ClientMessagingOptions>(static messaging => messaging.ResponseTimeout = CallLimit);
}
