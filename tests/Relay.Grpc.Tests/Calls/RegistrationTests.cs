using Relay.Grpc.Tests.Echoes;

namespace Relay.Grpc.Tests.Calls;

public sealed class RegistrationTests
{
    private static GrpcService New() => new(EchoReflection.Descriptor.Services[0]);

    [Fact]
    public void MethodThatIsNotThere_IsRefused() =>
        Assert.Contains("has no method Sing", Refused(() => New().Unary<EchoRequest, EchoReply>("Sing", (_, _) => default)), StringComparison.Ordinal);

    [Fact]
    public void OtherTypes_AreRefused()
    {
        const string Shape = "relay.tests.v1.Echo.Say takes EchoRequest and answers EchoReply.";
        Assert.Contains(Shape, Refused(() => New().Unary<CountRequest, EchoReply>("Say", (_, _) => default)), StringComparison.Ordinal);
        Assert.Contains(Shape, Refused(() => New().Unary<EchoRequest, EchoRequest>("Say", (_, _) => default)), StringComparison.Ordinal);
        Assert.Contains(Shape, Refused(() => New().ServerStream<EchoRequest, EchoReply>("Say", (_, _, _) => default)), StringComparison.Ordinal);
    }

    [Fact]
    public void StreamAsUnary_IsRefused() => Assert.Contains(
        "takes CountRequest and answers a stream of EchoReply", Refused(() => New().Unary<CountRequest, EchoReply>("Count", (_, _) => default)), StringComparison.Ordinal);

    [Fact]
    public void SecondHandler_IsRefused() => Assert.Contains(
        "/relay.tests.v1.Echo/Say has a handler already",
        Refused(() => New().Unary<EchoRequest, EchoReply>("Say", (_, _) => default).Unary<EchoRequest, EchoReply>("Say", (_, _) => default)),
        StringComparison.Ordinal);

    private static string Refused(Action registration) => Assert.Throws<ArgumentException>(registration).Message;
}
