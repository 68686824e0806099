namespace Relay.Gateway.Config.Reading;

/// <summary>Reads the whole file, section by section; what a section refers to is read before it.</summary>
internal static class RootReader
{
    public static RelayConfig Read(JsonCursor root)
    {
        var empty = new RelayConfig();
        if (ObjectReader.Open(root, "write { \"providers\": { ... }, \"models\": { ... } }") is not { } section)
        {
            return empty;
        }

        section.Field("$schema")?.AsString("write the URL of a schema for your editor, or leave it out");
        var keyItems = KeysReader.Items(section.Field("keys"));
        var listen = ListenReader.Read(section.Field("listen"), hasKeys: keyItems is { Count: > 0 });
        var dataDir = section.Field("dataDir") is { } at ? at.AsString("write the path of a folder") is { } text ? PathReader.Resolve(text, at) : null : Path.GetFullPath(empty.DataDir, root.Context.Folder);
        var providers = ProvidersReader.Read(root, section.Field("providers"));
        var defaults = DefaultsReader.Read(section.Field("defaults"));
        var models = ModelsReader.Read(root, section.Field("models"), providers, defaults);
        var config = new RelayConfig
        {
            Listen = listen,
            DataDir = dataDir ?? empty.DataDir,
            Providers = providers.Options,
            Models = models.Options,
            Keys = KeysReader.Read(keyItems, models),
            Prices = PricesReader.Read(section.Field("prices"), providers),
            Limits = LimitsReader.Read(section.Field("limits")),
        };
        section.Close();
        return config;
    }
}
