namespace Tidy.Tests;

/// <summary>
/// Blanks what is not code in C#: comments, preprocessor lines and the contents of string and character literals.
/// The holes of interpolated strings stay, since they are code. Line breaks and positions are kept.
/// It reads tokens, not grammar: enough for text that compiles.
/// </summary>
public sealed class CodeText
{
    private readonly string _text;
    private readonly char[] _code;
    private int _at;

    private CodeText(string text)
    {
        _text = text;
        _code = text.ToCharArray();
    }

    public static string Of(string text)
    {
        var reader = new CodeText(text);
        reader.ReadCode(inHole: false);
        return new string(reader._code);
    }

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private bool Next(string token) => string.CompareOrdinal(_text, _at, token, 0, token.Length) == 0;

    private int RunOf(char c, int from = 0)
    {
        var length = 0;
        while (Peek(from + length) == c)
        {
            length++;
        }

        return length;
    }

    private void Blank(int count)
    {
        for (var end = Math.Min(_at + count, _text.Length); _at < end; _at++)
        {
            if (_text[_at] is not ('\n' or '\r'))
            {
                _code[_at] = ' ';
            }
        }
    }

    private void BlankUntil(string end, bool including)
    {
        var found = _text.IndexOf(end, Math.Min(_at, _text.Length), StringComparison.Ordinal);
        Blank(found < 0 ? _text.Length - _at : found - _at + (including ? end.Length : 0));
    }

    private void ReadCode(bool inHole)
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            var c = Peek();
            if (inHole && depth == 0 && c == '}')
            {
                return;
            }

            if (inHole && depth == 0 && c == ':' && Peek(1) != ':' && _text[_at - 1] != ':')
            {
                BlankUntil("}", including: false);
            }
            else if (!SkipTrivia() && !SkipLiteral())
            {
                depth += c is '{' or '(' or '[' ? 1 : c is '}' or ')' or ']' ? -1 : 0;
                _at++;
            }
        }
    }

    private bool SkipTrivia()
    {
        if (Next("//") || (Peek() == '#' && StartsLine()))
        {
            BlankUntil("\n", including: false);
            return true;
        }

        if (!Next("/*"))
        {
            return false;
        }

        Blank(2);
        BlankUntil("*/", including: true);
        return true;
    }

    private bool StartsLine() => string.IsNullOrWhiteSpace(_text[(_text.LastIndexOf('\n', _at) + 1).._at]);

    private bool SkipLiteral()
    {
        if (Peek() == '\'')
        {
            _at++;
            Blank(Peek() == '\\' ? 2 : 1);
            BlankUntil("'", including: false);
            _at++;
            return true;
        }

        var prefix = 0;
        while (Peek(prefix) is '$' or '@')
        {
            prefix++;
        }

        if (Peek(prefix) != '"')
        {
            return false;
        }

        var dollars = _text.AsSpan(_at, prefix).Count('$');
        var verbatim = _text.AsSpan(_at, prefix).Contains('@');
        _at += prefix;
        var quotes = verbatim ? 1 : RunOf('"');
        if (quotes == 2)
        {
            _at += 2;
            return true;
        }

        _at += quotes;
        ReadString(quotes, dollars, verbatim);
        return true;
    }

    private void ReadString(int quotes, int dollars, bool verbatim)
    {
        var raw = quotes > 2;
        while (_at < _text.Length)
        {
            if (verbatim && Next("\"\""))
            {
                Blank(2);
            }
            else if (Peek() == '"' && RunOf('"') >= quotes)
            {
                _at += quotes;
                return;
            }
            else if (Peek() == '{' && dollars > 0)
            {
                ReadHole(raw ? dollars : 1, raw);
            }
            else
            {
                Blank(Peek() == '\\' && !raw && !verbatim ? 2 : 1);
            }
        }
    }

    private void ReadHole(int braces, bool raw)
    {
        var run = RunOf('{');
        Blank(run);
        if (raw ? run >= braces : run % 2 == 1)
        {
            ReadCode(inHole: true);
            Blank(braces);
        }
    }
}
