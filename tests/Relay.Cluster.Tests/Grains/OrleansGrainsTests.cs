using Relay.Cluster.Tests.Kit;
using Relay.Silo.Grains;
using Relay.Silo.Orleans;
using Relay.Silo.Tests.Grains;

namespace Relay.Cluster.Tests.Grains;

/// <summary>What the embedded engine's grains keep to, those in a silo do too.</summary>
public class OrleansGrainsTests : GrainContract, IClassFixture<SiloFixture>
{
    public OrleansGrainsTests(SiloFixture silo)
    {
        silo.Use(Time);
        Grains = new NamedApart(new OrleansGrains(() => silo.Client));
    }

    protected override IGrains Grains { get; }
}
