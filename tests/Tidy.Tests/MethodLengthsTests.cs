namespace Tidy.Tests;

public class MethodLengthsTests
{
    [Theory]
    [InlineData("class A { void F() {\n\n} }", "A.F", 3)]
    [InlineData("namespace N; class A { void F() {\n} }", "A.F", 2)]
    [InlineData("namespace N { class A { void F() {\n} } }", "N.A.F", 2)]
    [InlineData("class A { class B { void F() {\n} } }", "A.B.F", 2)]
    [InlineData("class A(int b) : C(b) { void F()\n{\n} }", "A.F", 3)]
    [InlineData("class A { A() : base(F(1)) {\n} }", "A.A", 2)]
    [InlineData("class A { ~A() {\n} }", "A.~A", 2)]
    [InlineData("class A { void I.F() {\n} }", "A.I.F", 2)]
    [InlineData("class A { [X(Y = 1)]\n[Z]\nvoid F() {\n} }", "A.F", 2)]
    [InlineData("class A { T F<T>(T a = default) where T : class, new() {\n} }", "A.F", 2)]
    [InlineData("class A { public (int X, int Y) F((int, int) a) {\n} }", "A.F", 2)]
    [InlineData("class A { Dictionary<string, (int, int)> F() {\n} }", "A.F", 2)]
    [InlineData("class A { public static bool operator ==(A a, A b) {\n} }", "A.operator_", 2)]
    [InlineData("class A { int P {\nget {\n\n} set { } } }", "A.P.get", 3)]
    [InlineData("class A { int this[int i] { get {\n} } }", "A.this.get", 2)]
    [InlineData("static class A { extension(B b) { void F() {\n} } }", "A.extension.F", 2)]
    [InlineData("record struct A(int B) { void F(Record record) {\n} }", "A.F", 2)]
    [InlineData("interface A { void F() {\n} }", "A.F", 2)]
    [InlineData("class A { void F(int a) { } void F() {\n\n} }", "A.F", 3)]
    [InlineData("class A { void F() {\nint G() {\n}\nif (x) {\n}\n} }", "A.F", 6)]
    [InlineData("class A { void F() { if (x) { foreach (var record in records) { if (y) {\n} } } } }", "A.F", 2)]
    public void BlockBodies_AreMeasuredFromDeclarationToBrace(string code, string name, int lines) =>
        Assert.Equal(lines, MethodLengths.Of(CodeText.Of(code)).Single(member => member.Value > 1 && member.Key == name).Value);

    [Theory]
    [InlineData("class A { int F() => x switch {\n1 => 2 }; }")]
    [InlineData("class A { int P { get; set; } }")]
    [InlineData("class A { B b = new() { C = () => {\n} }; }")]
    [InlineData("class A { int[] F { get; } = [F(() => {\n})]; }")]
    [InlineData("enum A { B }")]
    [InlineData("if (x) {\n}")]
    public void ExpressionBodiesInitializersAndTypes_AreNotMembers(string code) =>
        Assert.Empty(MethodLengths.Of(CodeText.Of(code)));
}
