using System.Diagnostics;
using PuppeteerSharp;

namespace L2T.Dsl.Experiments.Tests;

/// <summary>A page from the file system in headless Chromium, with the network cut, and what it complained of.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowser _browser;

    private OpenedPage(IBrowser browser, IPage page)
    {
        _browser = browser;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Messages of the console that are no mere notes, errors of scripts, and requests that are not for the page itself.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<OpenedPage> Open(string path)
    {
        // Libraries that the tests need in place of the system's are not the browser's.
        var browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = ChromiumFactAttribute.Executable,
            Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            DefaultViewport = new ViewPortOptions { Width = 1280, Height = 900 },
            Timeout = 120_000,
            Env = { ["LD_PRELOAD"] = "", ["LD_LIBRARY_PATH"] = "" },
        });
        var opened = new OpenedPage(browser, await browser.NewPageAsync());
        opened.Page.Console += (_, message) =>
        {
            if (message.Message.Type is ConsoleType.Error or ConsoleType.Warning or ConsoleType.Assert)
                opened.Complaints.Add(message.Message.Text);
        };
        opened.Page.PageError += (_, error) => opened.Complaints.Add(error.Message);
        opened.Page.Request += (_, request) =>
        {
            if (!request.Request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Request.IsNavigationRequest)
                opened.Complaints.Add(request.Request.Url);
        };
        await opened.Page.SetOfflineModeAsync(true);
        await opened.Load(path);
        return opened;
    }

    /// <summary>Opens the page, once more where it is open.</summary>
    /// <returns>How long it took until all was drawn.</returns>
    public async Task<TimeSpan> Load(string path)
    {
        var clock = Stopwatch.StartNew();
        await Page.GoToAsync(new Uri(path).AbsoluteUri, 60_000, [WaitUntilNavigation.Load]);
        // Drawn, and not only parsed.
        await Page.EvaluateExpressionAsync<int>("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");
        return clock.Elapsed;
    }

    public Task<T> Ask<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _browser.DisposeAsync();
        }
        catch (ObjectDisposedException)
        {
            // What the browser still had to say may come while its connection is taken down.
        }
    }
}
