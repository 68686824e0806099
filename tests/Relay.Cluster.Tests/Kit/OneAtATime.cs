// Each scenario starts ten processes: two at once would tell more of the machine than of Relay.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
