using System.Threading.Channels;
using Relay.Gateway.Recording;

namespace Relay.Gateway.Tests.Kit;

/// <summary>Keeps the records in order; a test waits for the next one.</summary>
internal sealed class RecordLog : IRecordSink
{
    private readonly Channel<RequestRecord> _records = Channel.CreateBounded<RequestRecord>(100_000);

    public ValueTask WriteAsync(RequestRecord record, CancellationToken cancellation) => _records.Writer.WriteAsync(record, cancellation);

    public async Task<RequestRecord> NextAsync() => await _records.Reader.ReadAsync(Patience.Token);

    public int Waiting => _records.Reader.Count;
}
