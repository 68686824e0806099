using Microsoft.Playwright;
using Relay.TestKit;

namespace Relay.Browser.Tests;

/// <summary>A chromium without a window, one for all tests of a class; each test has a profile of its own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;

    /// <summary>The reason to skip, or null.</summary>
    public static string? SkipReason { get; } = Require.SkipReason("chromium", "install chromium, or run ./test.sh");

    /// <summary>The running browser.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (SkipReason is not null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Require.FindProgram("chromium") ?? throw new InvalidOperationException("chromium is not on PATH."),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_playwright is not null)
        {
            await Browser.DisposeAsync();
            _playwright.Dispose();
        }
    }
}
