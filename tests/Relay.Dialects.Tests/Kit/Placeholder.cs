namespace Relay.Dialects.Tests.Kit;
