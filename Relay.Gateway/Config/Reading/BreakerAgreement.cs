namespace Relay.Gateway.Config.Reading;

/// <summary>A target has one breaker, whichever models use it: they must all ask for the same.</summary>
internal sealed class BreakerAgreement
{
    private readonly Dictionary<string, ModelOptions> _first = new(StringComparer.Ordinal);

    /// <summary>Reports the first target for which an earlier model has other breaker options.</summary>
    public void Check(ModelOptions model, JsonCursor at)
    {
        var hasReported = false;
        foreach (var target in model.Targets)
        {
            if (_first.TryAdd(target.Name, model) || hasReported || _first[target.Name].Breaker == model.Breaker)
            {
                continue;
            }

            hasReported = true;
            at.Field("breaker").Error(
                $"the target {SafeText.Show(target.Name)} has other breaker options in the model {SafeText.Show(_first[target.Name].Name)}, but a target has only one breaker",
                "give both models the same breaker, or set it once in $.defaults.breaker");
        }
    }
}
