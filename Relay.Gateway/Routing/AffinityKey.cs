using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Routing;

/// <summary>
/// What two requests of one conversation have in common: <c>prompt_cache_key</c> where it is given, otherwise the system's messages and
/// the user's first one, without <c>cache_control</c>, which clients move from turn to turn. Only a digest of it is kept.
/// </summary>
internal static class AffinityKey
{
    /// <summary>The most bytes of a prefix that count: 64 KiB. Conversations that differ only behind them are taken for one.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The key of a target's name.</summary>
    public static ulong OfName(string name) => Digest(Encoding.UTF8.GetBytes(name));

    /// <summary>The key of a request; null when it says nothing of the kind.</summary>
    /// <param name="body">A JSON object in the form of chat completions or of Anthropic's messages.</param>
    public static ulong? Of(ReadOnlyMemory<byte> body)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            var pass = new Pass(body.Span, buffer.AsSpan(0, MaxBytes));
            return pass.Run() is var length and > 0 ? Digest(buffer.AsSpan(0, length)) : null;
        }
        finally
        {
            // Prompts are not for the next who rents it.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static ulong Digest(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }

    /// <summary>One pass over a body, which was scanned before and is an object.</summary>
    private ref struct Pass(ReadOnlySpan<byte> body, Span<byte> to)
    {
        private readonly Span<byte> _to = to;
        private Utf8JsonReader _json = new(body, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        private int _length;

        public int Run()
        {
            _json.Read();
            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            {
                if (_json.TextIs("prompt_cache_key"u8))
                {
                    _json.Read();
                    if (_json.TokenType == JsonTokenType.String && !_json.ValueSpan.IsEmpty)
                    {
                        // It stands for the conversation by itself, wherever it is in the body.
                        _length = 0;
                        Add("key"u8);
                        Add(_json.ValueSpan);
                        return _length;
                    }

                    _json.Skip();
                    continue;
                }

                ReadMember();
            }

            return _length;
        }

        private void ReadMember()
        {
            var isSystem = _json.TextIs("system"u8);
            var isMessages = _json.TextIs("messages"u8);
            _json.Read();
            if (isSystem)
            {
                Add("system"u8);
                AddValue();
            }
            else if (isMessages && _json.TokenType == JsonTokenType.StartArray)
            {
                ReadMessages();
            }
            else
            {
                _json.Skip();
            }
        }

        private void ReadMessages()
        {
            var isOver = false;
            while (_json.Read() && _json.TokenType == JsonTokenType.StartObject)
            {
                var isUser = false;
                if (isOver || !(IsInstruction(_json) || (isUser = HasRole(_json, "user"u8))))
                {
                    _json.Skip();
                    continue;
                }

                AddValue();
                isOver = isUser;
            }
        }

        private static bool IsInstruction(in Utf8JsonReader at) => HasRole(at, "system"u8) || HasRole(at, "developer"u8);

        /// <summary>Looks ahead with a copy of the reader.</summary>
        private static bool HasRole(Utf8JsonReader at, ReadOnlySpan<byte> role)
        {
            while (at.Read() && at.TokenType == JsonTokenType.PropertyName)
            {
                var isRole = at.TextIs("role"u8);
                at.Read();
                if (isRole)
                {
                    return at.TokenType == JsonTokenType.String && at.TextIs(role);
                }

                at.Skip();
            }

            return false;
        }

        /// <summary>Adds the value under the reader, token by token: white space and cache_control are no difference.</summary>
        private void AddValue()
        {
            var depth = _json.CurrentDepth;
            do
            {
                if (_json.TokenType == JsonTokenType.PropertyName && _json.TextIs("cache_control"u8))
                {
                    _json.Read();
                    _json.Skip();
                    continue;
                }

                AddType(_json.TokenType);
                Add(_json.ValueSpan);
            }
            while (_json.CurrentDepth >= depth && !(_json.CurrentDepth == depth && IsEnd(_json.TokenType)) && _json.Read());
        }

        private static bool IsEnd(JsonTokenType type) => type is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName);

        private void AddType(JsonTokenType type)
        {
            if (_length < _to.Length)
            {
                _to[_length++] = (byte)type;
            }
        }

        private void Add(scoped ReadOnlySpan<byte> bytes)
        {
            var length = Math.Min(bytes.Length, _to.Length - _length);
            bytes[..length].CopyTo(_to[_length..]);
            _length += length;
        }
    }
}
