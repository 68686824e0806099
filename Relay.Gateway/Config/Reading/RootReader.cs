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
        var listen = ListenReader.Read(section.Field("listen"), hasKeys: keyItems is null ? section.Has("keys") : keyItems.Count > 0);
        var dataDir = DataDir(section.Field("dataDir"), empty.DataDir, root.Context.Folder);
        var providers = ProvidersReader.Read(root, section.Field("providers"));
        var defaults = DefaultsReader.Read(section.Field("defaults"));
        var models = ModelsReader.Read(root, section.Field("models"), providers, defaults);
        var keys = KeysReader.Read(keyItems, models);
        var config = new RelayConfig
        {
            Listen = listen,
            Admin = AdminReader.Read(section.Field("admin"), keys),
            DataDir = dataDir,
            Providers = providers.Options,
            Models = models.Options,
            Keys = keys,
            Prices = PricesReader.Read(section.Field("prices"), providers),
            Limits = LimitsReader.Read(section.Field("limits")),
        };
        section.Close();
        return config;
    }

    private static string DataDir(JsonCursor? at, string fallback, string folder)
    {
        var text = at is { } here ? here.AsString("write the path of a folder") : fallback;
        return text is not null && at is { } there ? PathReader.Resolve(text, there) ?? fallback : Path.GetFullPath(fallback, folder);
    }
}
