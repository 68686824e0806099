using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Relay.ServiceDefaults.Metrics;

/// <summary>
/// Writes Prometheus' text exposition format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). No package
/// that does it restores everywhere (docs/decisions/003-metrics-text.md). A family's samples follow its header at once.
/// </summary>
public sealed class MetricsText
{
    /// <summary>The content type to answer with.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ArrayBufferWriter<byte> _out = new(64 * 1024);
    private string _family = "";

    /// <summary>What was written so far.</summary>
    public ReadOnlyMemory<byte> Written => _out.WrittenMemory;

    /// <summary>Starts a family.</summary>
    /// <param name="name">Its name, in the format's alphabet.</param>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    /// <param name="help">One line that says what it is, with its unit.</param>
    public void Family(string name, string type, string help)
    {
        _family = name;
        Raw($"# HELP {name} {help}\n# TYPE {name} {type}\n");
    }

    /// <summary>One sample of the family.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="labels">Label names and values in turn.</param>
    public void Sample(double value, params ReadOnlySpan<string> labels) => Line("", labels, null, value);

    /// <summary>One histogram of the family.</summary>
    /// <param name="bounds">Upper bounds, ascending, without infinity.</param>
    /// <param name="counts">Observations in each bucket (not cumulative), the last one beyond all bounds.</param>
    /// <param name="sum">The sum of all observations.</param>
    /// <param name="labels">Label names and values in turn.</param>
    public void Histogram(ReadOnlySpan<double> bounds, ReadOnlySpan<long> counts, double sum, params ReadOnlySpan<string> labels)
    {
        var total = 0L;
        for (var i = 0; i < bounds.Length; i++)
        {
            total += counts[i];
            Line("_bucket", labels, bounds[i], total);
        }

        total += counts[bounds.Length];
        Line("_bucket", labels, double.PositiveInfinity, total);
        Line("_sum", labels, null, sum);
        Line("_count", labels, null, total);
    }

    private void Line(string suffix, ReadOnlySpan<string> labels, double? bound, double value)
    {
        Raw(_family);
        Raw(suffix);
        if (labels.Length > 0 || bound is not null)
        {
            Raw("{");
            for (var i = 0; i < labels.Length; i += 2)
            {
                Raw(i > 0 ? "," : "");
                Raw(labels[i]);
                Raw("=\"");
                Escaped(labels[i + 1]);
                Raw("\"");
            }

            if (bound is { } le)
            {
                Raw(labels.Length > 0 ? ",le=\"" : "le=\"");
                Number(le);
                Raw("\"");
            }

            Raw("}");
        }

        Raw(" ");
        Number(value);
        Raw("\n");
    }

    private void Number(double value)
    {
        if (double.IsPositiveInfinity(value))
        {
            Raw("+Inf");
            return;
        }

        var span = _out.GetSpan(32);
        Utf8Formatter.TryFormat(value, span, out var written);
        _out.Advance(written);
    }

    private void Escaped(string value)
    {
        if (value.AsSpan().IndexOfAny('\\', '"', '\n') < 0)
        {
            Raw(value);
            return;
        }

        Raw(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
    }

    private void Raw(string text)
    {
        var span = _out.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _out.Advance(Encoding.UTF8.GetBytes(text, span));
    }
}
