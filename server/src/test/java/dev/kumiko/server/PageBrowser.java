package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The system's Chromium, which Playwright drives; none is downloaded. */
final class PageBrowser implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private final Playwright playwright;
  private final Browser browser;

  private PageBrowser(Path executable) {
    this.playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    this.browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable)
                    .setChromiumSandbox(false)); // root has none
  }

  /** Starts it, or skips the test and says what is missing. */
  static PageBrowser start() {
    Optional<Path> executable = onPath(NAMES);
    assumeTrue(
        executable.isPresent(),
        () -> "skipped: no Chromium on PATH; looked for " + String.join(", ", NAMES));
    return new PageBrowser(executable.get());
  }

  /** Returns the first program that PATH, or /usr/bin, has. */
  static Optional<Path> onPath(List<String> names) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    List<String> folders =
        Stream.concat(
                Arrays.stream(path.split(Pattern.quote(File.pathSeparator))), Stream.of("/usr/bin"))
            .filter(folder -> !folder.isEmpty())
            .toList();
    return names.stream()
        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Tab open(URI server) {
    return open(server, new Browser.NewContextOptions());
  }

  Tab open(URI server, Browser.NewContextOptions options) {
    return new Tab(browser.newContext(options), server);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  /** The server's page in a profile of its own; what it should not do is noted. */
  static final class Tab implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;
    private final List<String> faults = new ArrayList<>();

    /** The bodies of requests for vectors. */
    final List<String> asked = new ArrayList<>();

    private Tab(BrowserContext context, URI server) {
      this.context = context;
      this.page = context.newPage();
      page.setDefaultTimeout(20_000);
      page.onPageError(faults::add);
      page.onConsoleMessage(
          message -> {
            if (List.of("error", "warning").contains(message.type())) {
              faults.add(message.text());
            }
          });
      context.onRequest(
          request -> {
            if (!request.url().startsWith(server + "/")) {
              faults.add("a request to " + request.url());
            }
            if (request.url().endsWith("/v1/embeddings")) {
              asked.add(request.postData());
            }
          });
      page.navigate(server + "/");
    }

    Page page() {
      return page;
    }

    /** Expects that the console has told of answers with this status, and nothing else. */
    void refused(int status) {
      faults.removeIf(fault -> fault.contains("responded with a status of " + status));
    }

    /** Fails if the page did what it should not. */
    @Override
    public void close() {
      context.close();
      assertEquals(List.of(), faults);
    }
  }
}
