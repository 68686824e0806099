namespace Relay.Cli.Top;

/// <summary>How the figures are shown.</summary>
internal enum TopForm
{
    /// <summary>A live screen.</summary>
    Screen,

    /// <summary>A plain table, once.</summary>
    Table,

    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>A JSON object on a line for each change.</summary>
    JsonLines,
}
