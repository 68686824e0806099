namespace Tidy.Tests;

public class CodeTextTests
{
    [Theory]
    [InlineData("a; // {", "a;     ")]
    [InlineData("a /* { */ b", "a         b")]
    [InlineData("#region it's {\na;", "              \na;")]
    [InlineData("x = '{';", "x = ' ';")]
    [InlineData("x = '\\'' + y;", "x = '  ' + y;")]
    [InlineData("x = '\\u0041' + y;", "x = '      ' + y;")]
    [InlineData("x = \"{ \\\" //\" + y;", "x = \"       \" + y;")]
    [InlineData("x = \"\" + y;", "x = \"\" + y;")]
    [InlineData("x = @\"\\\" + y;", "x = @\" \" + y;")]
    [InlineData("x = @\"a\"\"{\" + y;", "x = @\"    \" + y;")]
    [InlineData("class @class { }", "class @class { }")]
    public void CommentsAndLiterals_AreBlanked_CodeStays(string text, string code) => Assert.Equal(code, CodeText.Of(text));

    [Theory]
    [InlineData("$\"a{b}c\" + d", "$\"  b  \" + d")]
    [InlineData("$\"{{a}}\" + d", "$\"     \" + d")]
    [InlineData("$\"{{{a}}}\" + d", "$\"   a   \" + d")]
    [InlineData("$\"{a:hh':'mm}\" + d", "$\" a         \" + d")]
    [InlineData("$\"{F(\"}\")}\" + d", "$\" F(\" \") \" + d")]
    [InlineData("$\"{global::A.B}\" + d", "$\" global::A.B \" + d")]
    [InlineData("$\"{(a ? b : c)}\" + d", "$\" (a ? b : c) \" + d")]
    [InlineData("$@\"{a}\\\" + d", "$@\" a  \" + d")]
    public void HolesOfInterpolatedStrings_StayAsCode(string text, string code) => Assert.Equal(code, CodeText.Of(text));

    [Theory]
    [InlineData("x = \"\"\"{ \" \"\" }\"\"\" + y;", "x = \"\"\"        \"\"\" + y;")]
    [InlineData("x = \"\"\"\"a\"\"\"b\"\"\"\" + y;", "x = \"\"\"\"     \"\"\"\" + y;")]
    [InlineData("x = $\"\"\"a{b}c\"\"\" + y;", "x = $\"\"\"  b  \"\"\" + y;")]
    [InlineData("x = $$\"\"\"{a}{{b}}\"\"\" + y;", "x = $$\"\"\"     b  \"\"\" + y;")]
    [InlineData("x = \"\"\"\n  {\n  \"\"\"; y;", "x = \"\"\"\n   \n  \"\"\"; y;")]
    public void RawStrings_EndAtTheirOwnQuotes(string text, string code) => Assert.Equal(code, CodeText.Of(text));

    [Fact]
    public void EverySourceFile_KeepsItsLengthAndBalancesItsBraces() => Offences.None(
        from file in Repository.Current.CSharp
        where file.Code.Length != file.Text.Length || file.Code.Count(c => c == '{') != file.Code.Count(c => c == '}')
        select $"{file.Path}: the scanner lost its way; fix CodeText");
}
