using Relay.Gateway.Recording;

namespace Relay.Exam.Rig;

/// <summary>Keeps the records of one sitting, which has a few dozen requests at most.</summary>
internal sealed class ExamRecords : IRecordSink
{
    private readonly Lock _gate = new();
    private readonly List<RequestRecord> _records = [];

    /// <summary>The records so far.</summary>
    public IReadOnlyList<RequestRecord> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(RequestRecord record, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _records.Add(record);
        }

        return ValueTask.CompletedTask;
    }
}
