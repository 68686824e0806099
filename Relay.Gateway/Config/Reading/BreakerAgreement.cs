namespace Relay.Gateway.Config.Reading;

/// <summary>A target has one breaker and one notion of slow, whichever models use it: they must all ask for the same.</summary>
internal sealed class BreakerAgreement
{
    private readonly Dictionary<string, ModelOptions> _first = new(StringComparer.Ordinal);

    /// <summary>Reports the first target for which an earlier model has other options.</summary>
    public void Check(ModelOptions model, JsonCursor at)
    {
        var (breakerTold, slowTold) = (false, false);
        foreach (var target in model.Targets)
        {
            if (_first.TryAdd(target.Name, model))
            {
                continue;
            }

            var first = _first[target.Name];
            breakerTold |= !breakerTold && first.Breaker != model.Breaker && Tell(at, "breaker", "has only one breaker", target, first);
            slowTold |= !slowTold && first.Slow != model.Slow && Tell(at, "slow", "is slow or is not", target, first);
        }
    }

    private static bool Tell(JsonCursor at, string field, string why, TargetOptions target, ModelOptions first)
    {
        at.Field(field).Error(
            $"the target {SafeText.Show(target.Name)} has other {field} options in the model {SafeText.Show(first.Name)}, but a target {why}",
            $"give both models the same {field}, or set it once in $.defaults.{field}");
        return true;
    }
}
