package dev.kumiko.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.kumiko.format.Json;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page at {@code /} in a browser. */
class PageTest {
  private static final List<String> TEXTS =
      List.of(
          "a purlin carries the rafters",
          "it's a \"roof\" for $HOME, `pwd` and \\n",
          "מה שלום הגג",
          "-d @/etc/hostname & 漢字",
          "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung".repeat(2));

  private static final String KEY = "a-key-of-the-page's-test";
  private static final int PHONE = 390;

  /** Both are computed in double precision from the same floats. */
  private static final double TOLERANCE = 1e-6;

  private static PageBrowser browser;
  private static ServerFixture server;

  @BeforeAll
  static void start() throws IOException {
    browser = PageBrowser.start();
    server = ServerFixture.start();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      server.close();
      browser.close();
    }
  }

  @Test
  void theHeatMapShowsTheCosinesOfTheApisVectors() throws Exception {
    try (PageBrowser.Tab tab = browser.open(server.uri())) {
      compare(tab.page(), TEXTS);
      List<float[]> vectors = vectors("tiny", TEXTS);
      assertThat(tab.page().locator("td[data-similarity]")).hasCount(TEXTS.size() * TEXTS.size());
      for (int i = 0; i < TEXTS.size(); i++) {
        Locator row = tab.page().locator("#heat-map tbody tr").nth(i);
        assertThat(row.locator("th span")).hasText(TEXTS.get(i));
        for (int j = 0; j < TEXTS.size(); j++) {
          double expected = cosine(vectors.get(i), vectors.get(j));
          Locator cell = row.locator("td").nth(j);
          assertEquals(expected, number(cell, "data-similarity"), TOLERANCE);
          assertTrue(cell.textContent().matches("-?[01]\\.\\d\\d"), cell.textContent());
          assertEquals(expected, Double.parseDouble(cell.textContent()), 0.005 + TOLERANCE);
        }
      }
    }
  }

  @Test
  void theHeatMapIsOfTheModelThatIsChosen() throws Exception {
    try (PageBrowser.Tab tab = browser.open(server.uri())) {
      tab.page().selectOption("#model", "other");
      compare(tab.page(), TEXTS);
      List<float[]> vectors = vectors("other", TEXTS);
      Locator cell = tab.page().locator("td[data-similarity]").nth(1);
      assertEquals(
          cosine(vectors.get(0), vectors.get(1)), number(cell, "data-similarity"), TOLERANCE);
    }
  }

  @Test
  void searchOrdersAsTheApisVectorsDo() throws Exception {
    try (PageBrowser.Tab tab = browser.open(server.uri())) {
      search(tab.page(), TEXTS, "the roof");
      assertFound(tab.page(), TEXTS, "the roof");
    }
  }

  @Test
  void aSecondSearchAsksForWhatIsNewOnly() throws Exception {
    try (PageBrowser.Tab tab = browser.open(server.uri())) {
      search(tab.page(), TEXTS, "the roof");
      List<String> more = new ArrayList<>(TEXTS);
      more.add("a beam");
      search(tab.page(), more, "purlin");
      assertEquals(2, tab.asked.size());
      assertEquals(List.of("purlin", "a beam"), input(tab.asked.getLast()));
      assertFound(tab.page(), more, "purlin");
      tab.page().selectOption("#model", "other");
      search(tab.page(), more, "purlin");
      assertEquals(more.size() + 1, input(tab.asked.getLast()).size());
    }
  }

  @Test
  void manyLinesAreAskedForInRequestsThatTheServerTakes() throws Exception {
    List<String> lines = IntStream.range(0, 60).mapToObj(i -> "line " + i + " of it").toList();
    try (ServerFixture small = ServerFixture.start(options -> options.texts = 25);
        PageBrowser.Tab tab = browser.open(small.uri())) {
      search(tab.page(), lines, "line 7");
      assertEquals(3, tab.asked.size());
      assertThat(tab.page().locator("#search .curl h2"))
          .hasText("The first of 3 requests with curl");
      assertThat(tab.page().locator("#more")).hasText("The best 50 of 60 lines.");
      assertFound(tab.page(), lines, "line 7");
    }
  }

  @Test
  void theCardsTellOfEveryModel() {
    try (PageBrowser.Tab tab = browser.open(server.uri())) {
      tab.page().click("#tab-card");
      Locator cards = tab.page().locator("#models article");
      assertThat(cards).hasCount(4);
      assertThat(cards.nth(0)).containsText("Name in requeststiny");
      assertThat(cards.nth(0)).containsText("Dimension" + TinyModels.DIMENSION);
      assertThat(cards.nth(1)).containsText("other");
      assertThat(cards.nth(2)).containsText("scores of documents for a query");
      assertThat(cards.nth(3)).containsText("contradiction, entailment, neutral");
    }
  }

  @Test
  void theFiguresCountWhatOthersAsk() throws Exception {
    try (PageBrowser.Tab tab = browser.open(server.uri())) {
      tab.page().click("#tab-figures");
      long requests = figure(tab.page(), "Requests");
      long refused = figure(tab.page(), "Refused or failed");
      long texts = figure(tab.page(), "Texts");
      for (int i = 0; i < 3; i++) {
        vectors("tiny", TEXTS);
      }
      assertEquals(
          404, server.asker().post("/embed", "{\"inputs\":\"a\",\"model\":\"b\"}").statusCode());
      assertThat(value(tab.page(), "Requests")).containsText((requests + 4) + " since the start");
      assertThat(value(tab.page(), "Texts"))
          .containsText(texts + 3L * TEXTS.size() + " since the start");
      assertEquals(refused + 1, figure(tab.page(), "Refused or failed"));
      assertThat(value(tab.page(), "99 of 100 answers took")).containsText("s");
      assertThat(value(tab.page(), "Threads at work")).hasText("0 of 2");
    }
  }

  @Test
  void theCurlLineGivesTheSameVectors(@TempDir Path folder) throws Exception {
    requireCurl();
    try (PageBrowser.Tab tab = browser.open(server.uri())) {
      compare(tab.page(), TEXTS);
      Checks.assertVectors(
          vectors("tiny", TEXTS), run(folder, tab.page().locator("#compare pre").textContent()));
    }
  }

  @Test
  void theCurlLineOfMoreThanAnArgumentHoldsGivesTheSameVectors(@TempDir Path folder)
      throws Exception {
    requireCurl();
    List<String> lines =
        IntStream.range(0, 1200).mapToObj(i -> i + " it's" + " purlin".repeat(12)).toList();
    try (PageBrowser.Tab tab = browser.open(server.uri())) {
      search(tab.page(), lines, "it's");
      List<String> texts = new ArrayList<>(List.of("it's"));
      texts.addAll(lines);
      Checks.assertVectors(
          vectors("tiny", texts), run(folder, tab.page().locator("#search pre").textContent()));
    }
  }

  @Test
  void theKeyboardReachesEverything() {
    try (PageBrowser.Tab tab = browser.open(server.uri())) {
      Page page = tab.page();
      assertThat(page.locator("#model")).isVisible();
      next(page, "#model");
      page.keyboard().type("other");
      assertThat(page.locator("#model")).hasValue("other");
      next(page, "#theme");
      page.keyboard().press("Enter");
      assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
      next(page, "#tab-compare");
      next(page, "#sentences");
      next(page, "#compare-form button");
      page.keyboard().press("Enter");
      assertThat(page.locator("#heat-map")).isVisible();
      assertThat(page.locator("#compare-form button")).isFocused();
      next(page, "#compare .scroll");
      next(page, "#compare .curl button");
      page.keyboard().press("Enter");
      assertThat(page.locator("#compare .curl button")).hasText(Pattern.compile("Copied|Selected"));
      page.focus("#tab-compare");
      page.keyboard().press("ArrowRight");
      assertThat(page.locator("#tab-search")).isFocused();
      next(page, "#lines");
      page.keyboard().press("Control+Enter");
      assertThat(page.locator("#found li")).hasCount(5);
      next(page, "#query");
      page.keyboard().type("a purlin");
      page.keyboard().press("Enter");
      assertThat(page.locator("#search pre")).containsText("a purlin");
      page.focus("#tab-search");
      page.keyboard().press("ArrowRight");
      assertThat(page.locator("#card")).isVisible();
      next(page, "#card");
      page.focus("#tab-card");
      page.keyboard().press("End");
      assertThat(page.locator("#live dd").first()).isVisible();
      next(page, "#figures a");
      page.focus("#tab-figures");
      page.keyboard().press("ArrowRight");
      assertThat(page.locator("#compare")).isVisible();
    }
  }

  @Test
  void thePageAsksForTheKey(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys");
    Files.writeString(file, KEY + "\n");
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    try (ServerFixture locked = ServerFixture.start(options -> options.keys = Optional.of(file));
        PageBrowser.Tab tab = browser.open(locked.uri())) {
      Page page = tab.page();
      Locator status = page.locator("#compare .status");
      assertThat(status).hasText("This server wants an API key.");
      assertThat(page.locator("#key")).isFocused();
      page.keyboard().type("not-the-key-of-this-server");
      page.keyboard().press("Enter");
      assertThat(status).hasText("The API key is not known to this server.");
      page.fill("#key", KEY);
      page.keyboard().press("Enter");
      assertThat(status).hasText("The server knows the key.");
      compare(page, TEXTS);
      assertThat(page.locator("td[data-similarity]").first()).hasText("1.00");
      String command = page.locator("#compare pre").textContent();
      assertFalse(command.contains(KEY), command);
      if (curl().isPresent()) {
        Checks.assertVectors(vectors("tiny", TEXTS), run(folder, command));
      }
      page.click("#tab-figures");
      assertThat(value(page, "Texts")).containsText("since the start");
      tab.refused(401);
    }
  }

  @Test
  void whatIsWrongIsSaidInWords() {
    try (PageBrowser.Tab tab = browser.open(server.uri())) {
      Page page = tab.page();
      Locator status = page.locator("#compare .status");
      compare(page, TEXTS);
      submit(page, List.of("one"));
      assertThat(status).hasText("Write at least two sentences, each on a line of its own.");
      assertThat(page.locator("#heat-map")).isHidden();
      submit(page, Collections.nCopies(101, "one"));
      assertThat(status)
          .hasText("101 sentences are too many to show: 100 at most. Search takes more.");
      submit(page, List.of("one", "word ".repeat(600)));
      assertThat(status)
          .hasText(
              Pattern.compile("^“word word .*…” has [\\d,]+ tokens, and tiny takes 512;.*\\.$"));
      tab.refused(400);
      page.click("#tab-search");
      page.fill("#query", " ");
      page.click("#search-form button");
      assertThat(page.locator("#search .status")).hasText("Write what to look for.");
    }
  }

  @Test
  void aServerWithoutEmbeddingsSaysSo() throws IOException {
    try (ServerFixture scores =
            ServerFixture.start(
                options ->
                    options.models =
                        List.of(ServerFixture.named("rerank", ServerFixture.RERANKER)));
        PageBrowser.Tab tab = browser.open(scores.uri())) {
      tab.page().click("#compare-form button");
      assertThat(tab.page().locator("#compare .status"))
          .hasText("No model of this server gives embeddings.");
      assertThat(tab.page().locator("#model")).isHidden();
    }
  }

  @Test
  void aPhoneHasNoSidewaysScrolling() {
    List<String> texts =
        IntStream.range(0, 30).mapToObj(i -> i + " " + TEXTS.get(i % TEXTS.size())).toList();
    try (PageBrowser.Tab tab =
        browser.open(server.uri(), new Browser.NewContextOptions().setViewportSize(PHONE, 844))) {
      compare(tab.page(), texts);
      assertFits(tab.page());
      search(tab.page(), texts, TEXTS.getLast());
      assertFits(tab.page());
      tab.page().click("#tab-card");
      assertFits(tab.page());
      tab.page().click("#tab-figures");
      assertThat(value(tab.page(), "Texts")).isVisible();
      assertFits(tab.page());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void textStandsOutAndAScreenshotIsKept(ColorScheme scheme) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "page"));
    try (PageBrowser.Tab tab =
        browser.open(server.uri(), new Browser.NewContextOptions().setColorScheme(scheme))) {
      Page page = tab.page();
      compare(page, TEXTS);
      Path file = folder.resolve(scheme == ColorScheme.DARK ? "dark.png" : "light.png");
      page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
      BufferedImage image = ImageIO.read(file.toFile());
      assertTrue(image.getHeight() > 600, file + " has a height of " + image.getHeight());
      int green = image.getRGB(2, 2) >> 8 & 255;
      assertEquals(scheme == ColorScheme.DARK, green < 128, file + " is " + green);
      PageContrast.showEveryShade(page);
      PageContrast.check(page);
      submit(page, List.of("one"));
      assertThat(page.locator("#compare .status.error")).isVisible();
      PageContrast.check(page);
      search(page, TEXTS, "roof");
      PageContrast.check(page);
      page.click("#tab-card");
      PageContrast.check(page);
      page.click("#tab-figures");
      assertThat(value(page, "Texts")).isVisible();
      PageContrast.check(page);
    }
  }

  private static void submit(Page page, List<String> texts) {
    page.fill("#sentences", String.join("\n", texts));
    page.click("#compare-form button");
  }

  private static void compare(Page page, List<String> texts) {
    submit(page, texts);
    assertThat(page.locator("#compare .status")).containsText(texts.size() + " texts with");
  }

  private static void search(Page page, List<String> texts, String query) {
    page.click("#tab-search");
    page.fill("#lines", String.join("\n", texts));
    page.fill("#query", query);
    page.click("#search-form button");
    assertThat(page.locator("#search")).not().hasAttribute("aria-busy", "true");
    assertThat(page.locator("#search .status")).containsText("computed by");
  }

  private static void assertFound(Page page, List<String> texts, String query) throws Exception {
    List<String> all = new ArrayList<>(texts);
    all.add(query);
    List<float[]> vectors = vectors("tiny", all);
    List<Double> scores =
        vectors.stream().map(vector -> cosine(vector, vectors.getLast())).toList();
    List<Integer> order =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores.get(i)))
            .limit(50)
            .toList();
    assertThat(page.locator("#found li")).hasCount(order.size());
    List<Locator> found = page.locator("#found li").all();
    for (int i = 0; i < order.size(); i++) {
      int expected = order.get(i);
      assertEquals(expected + 1, number(found.get(i), "data-line"));
      assertEquals(scores.get(expected), number(found.get(i), "data-score"), TOLERANCE);
      assertThat(found.get(i).locator(".text")).hasText(texts.get(expected));
    }
  }

  /** Presses Tab, and expects where that leads. */
  private static void next(Page page, String selector) {
    page.keyboard().press("Tab");
    assertThat(page.locator(selector)).isFocused();
  }

  private static Locator value(Page page, String name) {
    return page.locator("#live dt:text-is('" + name + "') + dd");
  }

  /** Returns the last number of a figure. */
  private static long figure(Page page, String name) {
    String text = value(page, name).textContent().replace(",", "");
    return Long.parseLong(text.replaceFirst(".*?(\\d+)( since the start)?$", "$1"));
  }

  private static double number(Locator locator, String attribute) {
    return Double.parseDouble(locator.getAttribute(attribute));
  }

  private static void assertFits(Page page) {
    assertEquals(PHONE, page.evaluate("document.documentElement.scrollWidth"));
  }

  private static List<float[]> vectors(String model, List<String> texts) throws Exception {
    return vectors(
        server.asker().post("/v1/embeddings", Map.of("model", model, "input", texts)).body());
  }

  private static List<float[]> vectors(String answer) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    for (Json each : Json.parse("the answer", answer).get("data").items()) {
      vectors.add(Checks.floats(each.get("embedding")));
    }
    return vectors;
  }

  private static List<String> input(String body) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Json text : Json.parse("the body", body).get("input").items()) {
      texts.add(text.asString());
    }
    return texts;
  }

  private static Optional<Path> curl() {
    return PageBrowser.onPath(List.of("curl"));
  }

  private static void requireCurl() {
    assumeTrue(curl().isPresent(), "skipped: no curl on PATH");
  }

  /** Runs a command of the page in a shell. */
  private static List<float[]> run(Path folder, String command) throws Exception {
    Path script = Files.writeString(folder.resolve("command.sh"), command);
    ProcessBuilder builder = new ProcessBuilder("sh", script.toString());
    builder.environment().putAll(Map.of("API_KEY", KEY, "no_proxy", "*"));
    Process process = builder.redirectError(folder.resolve("errors").toFile()).start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> command + "\n" + answer);
    return vectors(answer);
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
