using System.Globalization;
using System.Text.Json;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>One pass over a request body; <see cref="RequestScanner"/> starts it.</summary>
internal ref struct RequestPass(ReadOnlySpan<byte> body, RequestScan scan, string content)
{
    private readonly RequestScan _scan = scan;
    private readonly string _content = content;
    private readonly bool _isChat = content == RequestScanner.Messages;
    private Utf8JsonReader _json = new(body, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
    private bool _hasModel;
    private bool _hasContent;
    private bool _hasStream;
    private RelayError? _error;

    public RelayError? Run()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            // Read on, so that broken JSON is called broken.
            _json.Skip();
            return RequestScanner.Invalid("The request body must be a JSON object with \"model\" and \"" + _content + "\".");
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember();
        }

        _scan.ClosingBrace = (int)_json.TokenStartIndex;

        // Anything but white space behind the object throws here.
        _json.Read();
        return _error ?? Missing();
    }

    private readonly RelayError? Missing()
    {
        if (!_hasModel)
        {
            return RequestScanner.Invalid("You must provide \"model\": the name of a configured model. GET /v1/models lists them.", "model");
        }

        return _hasContent ? null : RequestScanner.Invalid("You must provide \"" + _content + "\".", _content);
    }

    private void ReadMember()
    {
        if (_json.TextIs("model"u8))
        {
            ReadModel();
        }
        else if (_isChat ? _json.TextIs("messages"u8) : _json.TextIs("input"u8))
        {
            ReadContent();
        }
        else if (_isChat && _json.TextIs("stream"u8))
        {
            ReadStream();
        }
        else if (_isChat && _json.TextIs("stream_options"u8))
        {
            ReadStreamOptions();
        }
        else
        {
            ReadHint();
        }
    }

    private void ReadModel()
    {
        if (_hasModel)
        {
            Fail("\"model\" is given twice. Send it once.", "model");
        }

        _json.Read();
        _hasModel = true;
        if (_json.TokenType != JsonTokenType.String)
        {
            Fail("\"model\" must be a string: the name of a configured model.", "model");
            _json.Skip();
            return;
        }

        _scan.ModelValue = (int)_json.TokenStartIndex..(int)_json.BytesConsumed;
        if (_json.ValueSpan.Length > RequestScanner.MaxModelLength * 6)
        {
            Fail("\"model\" is longer than 200 characters.", "model");
            return;
        }

        // A lone surrogate escape cannot become a string: the reader throws for it.
        try
        {
            _scan.Model = _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Fail("\"model\" holds a broken escape sequence.", "model");
            return;
        }

        if (_scan.Model.Length is 0 or > RequestScanner.MaxModelLength)
        {
            Fail("\"model\" must have 1 to 200 characters.", "model");
        }
    }

    private void ReadContent()
    {
        if (_hasContent)
        {
            Fail("\"" + _content + "\" is given twice. Send it once.", _content);
        }

        _json.Read();
        _hasContent = true;
        if (_isChat)
        {
            ReadMessages();
            return;
        }

        if (_json.TokenType is not (JsonTokenType.String or JsonTokenType.StartArray))
        {
            Fail("\"input\" must be a string or an array.", "input");
        }

        _json.Skip();
    }

    private void ReadMessages()
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            Fail("\"messages\" must be an array of objects with \"role\" and \"content\".", "messages");
            _json.Skip();
            return;
        }

        var count = 0;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.StartObject)
            {
                var param = string.Create(CultureInfo.InvariantCulture, $"messages[{count}]");
                Fail("\"" + param + "\" must be an object with \"role\" and \"content\".", param);
            }

            var start = (int)_json.TokenStartIndex;
            _json.Skip();
            _scan.LastMessage = start..(int)_json.BytesConsumed;
            count++;
        }

        if (count == 0)
        {
            Fail("\"messages\" is empty. Send at least one message.", "messages");
        }
    }

    private void ReadStream()
    {
        if (_hasStream)
        {
            Fail("\"stream\" is given twice. Send it once.", "stream");
        }

        _hasStream = true;
        _json.Read();
        if (_json.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
        {
            Fail("\"stream\" must be true or false.", "stream");
            _json.Skip();
            return;
        }

        _scan.Stream = _json.TokenType == JsonTokenType.True;
    }

    private void ReadStreamOptions()
    {
        if (_scan.StreamOptionsValue is not null)
        {
            Fail("\"stream_options\" is given twice. Send it once.", "stream_options");
        }

        _json.Read();
        var start = (int)_json.TokenStartIndex;
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            _scan.StreamOptions = StreamOptionsForm.Empty;
            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            {
                _scan.StreamOptions = StreamOptionsForm.Filled;
                ReadStreamOption();
            }
        }
        else if (_json.TokenType != JsonTokenType.Null)
        {
            Fail("\"stream_options\" must be an object.", "stream_options");
            _json.Skip();
        }

        _scan.StreamOptionsValue = start..(int)_json.BytesConsumed;
    }

    private void ReadStreamOption()
    {
        var isUsage = _json.TextIs("include_usage"u8);
        _json.Read();
        if (!isUsage)
        {
            _json.Skip();
            return;
        }

        if (_json.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
        {
            Fail("\"stream_options.include_usage\" must be true or false.", "stream_options.include_usage");
            _json.Skip();
            return;
        }

        if (_scan.IncludeUsageValue is not null)
        {
            Fail("\"stream_options.include_usage\" is given twice. Send it once.", "stream_options.include_usage");
        }

        _scan.IncludeUsage = _json.TokenType == JsonTokenType.True;
        _scan.IncludeUsageValue = (int)_json.TokenStartIndex..(int)_json.BytesConsumed;
    }

    /// <summary>Fields that only steer routing: what is odd in them is for the provider to refuse.</summary>
    private void ReadHint()
    {
        var choices = _json.TextIs("n"u8);
        var tools = _json.TextIs("tools"u8) || _json.TextIs("functions"u8);
        var format = _json.TextIs("response_format"u8);
        var effort = _json.TextIs("reasoning_effort"u8);
        _scan.HasOptions |= !choices && !tools && !format;
        var maxCompletion = _json.TextIs("max_completion_tokens"u8);
        var maxTokens = maxCompletion || _json.TextIs("max_tokens"u8);
        _json.Read();
        if (choices && _json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out var n))
        {
            _scan.Choices = Math.Max(1, n);
        }
        else if (maxTokens && _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var max))
        {
            _scan.MaxTokens = Math.Max(max, _scan.MaxTokens ?? 0);
            var value = (int)_json.TokenStartIndex..(int)_json.BytesConsumed;
            if (maxCompletion)
            {
                _scan.MaxCompletionTokensValue = value;
            }
            else
            {
                _scan.MaxTokensValue = value;
            }
        }
        else if (effort && _json.TokenType == JsonTokenType.String)
        {
            _scan.Reasons = _json.TextIs("medium"u8) || _json.TextIs("high"u8) || _json.TextIs("xhigh"u8);
        }

        _scan.HasTools |= tools && _json.TokenType == JsonTokenType.StartArray;
        if (format && _json.TokenType == JsonTokenType.StartObject)
        {
            ReadResponseFormat();
        }

        _json.Skip();
    }

    private void ReadResponseFormat()
    {
        _scan.HasResponseFormat = true;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = _json.TextIs("type"u8);
            _json.Read();
            _scan.HasSchema |= isType && _json.TokenType == JsonTokenType.String && _json.TextIs("json_schema"u8);
            _scan.HasResponseFormat &= !(isType && _json.TokenType == JsonTokenType.String && _json.TextIs("text"u8));
            _json.Skip();
        }
    }

    private void Fail(string message, string param) => _error ??= RequestScanner.Invalid(message, param);
}
