using System.Text;
using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Core.Latency;
using Relay.Gateway.Recording;
using Relay.Gateway.Tests.Kit;
using Relay.Silo.Grains;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Recording;

/// <summary>Whatever happens to a request: one record, and totals that equal the records.</summary>
public sealed class OneRecordTests
{
    private const int Requests = 500;

    private static readonly string[] Faults =
    [
        "status=500,probability=0.05", "status=429,retry-after-ms=5,probability=0.05", "reset,probability=0.05", "cut-after=4,probability=0.05",
        "cut-after=0,probability=0.05", "error-in-stream-after=3,probability=0.05", "malformed-event-after=2,probability=0.05", "no-usage,probability=0.05",
        "no-done,probability=0.05", "bad-json-body,probability=0.05", "truncated-body,probability=0.05", "status=400,probability=0.03",
        "stall-after=3,probability=0.03", "silence,probability=0.03",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task MixtureOfFaultsAndAborts_LeavesOneRecordPerRequestAndTotalsThatAgree(int seed)
    {
        await using var rig = await Rig.StartAsync(new RigOptions
        {
            Simulator = i => new SimulatorOptions { Name = "sim-" + i, Seed = seed + i, DefaultWords = 8 },
            Timeouts = RawRig.Short with { Attempt = TimeSpan.FromMilliseconds(500), FirstTokenLast = TimeSpan.FromMilliseconds(500), Total = TimeSpan.FromSeconds(2) },
        });
        foreach (var simulator in rig.Simulators)
        {
            foreach (var fault in Faults)
            {
                simulator.Faults.Add("*", fault);
            }
        }

        var random = new Random(seed);
        var plans = Enumerable.Range(0, Requests).Select(i => new Plan(i, random.Next(2) == 0, random.Next(10) == 0 ? random.Next(60) : null)).ToArray();
        await Task.WhenAll(plans.Select(p => RunAsync(rig, p)));

        var records = await CollectAsync(rig);
        Assert.Equal(records.Count, records.Select(r => r.RequestId).Distinct().Count());
        await AssertTotalsAsync(rig, records);
    }

    private static async Task RunAsync(Rig rig, Plan plan)
    {
        using var client = await RawClient.ConnectAsync(rig.Gateway.Url);
        await client.SendAsync(RawClient.Request(Encoding.UTF8.GetBytes(Rig.Body("q" + plan.Number, plan.Stream))));
        if (plan.LeaveAfterBytes is not { } bytes)
        {
            await client.DrainAsync();
            return;
        }

        _ = await client.Stream.ReadAtLeastAsync(new byte[Math.Max(1, bytes)], Math.Max(1, bytes), throwOnEndOfStream: false, Patience.Token);
        client.Reset();
    }

    /// <summary>Every request was read whole before its client could leave, so each was admitted.</summary>
    private static async Task<List<RequestRecord>> CollectAsync(Rig rig)
    {
        var records = new List<RequestRecord>();
        while (records.Count < Requests)
        {
            records.Add(await rig.Records.NextAsync());
        }

        await rig.Gateway.StopAsync(Patience.Token);
        Assert.Equal(0, rig.Records.Waiting);
        return records;
    }

    private static async Task AssertTotalsAsync(Rig rig, List<RequestRecord> records)
    {
        var model = (await rig.Grains.GetModelAsync(Rig.Model, Window.OneHour, Patience.Token)).Meter;
        Assert.Equal(0, model.Active);
        Assert.Equal(Requests, model.Latency.Count);
        AssertCounts(model.Counts, records.Select(r => (r.Error, r.Streamed, r.Usage, r.Cost)));
        Assert.Equal(records.Sum(r => r.Attempts.Count), model.Counts[Counters.Attempts]);
        foreach (var target in records.SelectMany(r => r.Attempts).GroupBy(a => a.Target))
        {
            var meter = (await rig.Grains.GetTargetAsync(target.Key, Window.OneHour, Patience.Token)).Meter;
            Assert.Equal(0, meter.Active);
            AssertCounts(meter.Counts, target.Select(a => (a.Error, a.Streamed, a.Usage, a.Cost)));
            Assert.Equal(target.Count(a => a.IsRetry), meter.Counts[Counters.Retries]);
            Assert.Equal(target.Sum(a => a.MalformedEvents), meter.Counts[Counters.MalformedEvents]);
        }
    }

    private static void AssertCounts(long[] counts, IEnumerable<(ErrorKind Error, bool Streamed, Usage? Usage, NanoUsd? Cost)> rows)
    {
        var all = rows.ToList();
        Assert.Equal(all.Count, counts[Counters.Count]);
        Assert.Equal(all.Count(r => r.Error == ErrorKind.None), counts[Counters.Successes]);
        Assert.Equal(all.Count(r => r.Streamed), counts[Counters.Streams]);
        Assert.Equal(all.Sum(r => r.Cost?.Nanos ?? 0), counts[Counters.CostNanoUsd]);
        Assert.Equal(all.Count(r => r.Usage is { Estimated: true }), counts[Counters.Estimated]);
        foreach (var kind in Enum.GetValues<ErrorKind>().Where(k => k != ErrorKind.None))
        {
            Assert.Equal((kind, (long)all.Count(r => r.Error == kind)), (kind, counts[Counters.Error(kind)]));
        }

        foreach (var category in TokenCategories.All)
        {
            Assert.Equal((category, all.Sum(r => r.Usage?[category] ?? 0)), (category, counts[Counters.Tokens(category)]));
        }
    }

    private sealed record Plan(int Number, bool Stream, int? LeaveAfterBytes);
}
