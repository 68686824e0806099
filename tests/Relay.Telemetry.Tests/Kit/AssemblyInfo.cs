// Who listens to an ActivitySource or a Meter hears all of the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
