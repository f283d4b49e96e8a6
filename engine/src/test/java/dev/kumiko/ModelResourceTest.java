package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kumiko.format.ModelFile;
import dev.kumiko.model.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models by URL and as streams: mapped where they lie in a file, else copied. */
class ModelResourceTest {
  private static final String INNER = "BOOT-INF/lib/inner%20model.jar";
  private static final String INNER_NAME = "BOOT-INF/lib/inner model.jar";
  private static final String ENTRY = "some/model.safetensors";

  @TempDir Path folder;
  private byte[] bytes;
  private Path outer;

  @BeforeEach
  void writeModel() throws IOException {
    Path file = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    bytes = Files.readAllBytes(file);
    outer = folder.resolve("an app, 100% \u00E4!.jar");
  }

  /** Gives the model's bytes, whatever the address, as a loader of nested JARs would. */
  private final class Handler extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(bytes);
        }
      };
    }
  }

  private URL nested(String inner, String entry) throws IOException {
    String path = outer.toUri().getRawPath().replace("!", "%21");
    URI address = URI.create("jar:nested:" + path + "/!" + inner + "!/" + entry);
    return URL.of(address, new Handler());
  }

  private URL plain(String entry) throws IOException {
    String path = outer.toUri().toString().replace("!", "%21");
    return URI.create("jar:" + path + "!/" + entry).toURL();
  }

  private static String source(URL url) throws IOException {
    try (ModelFile file = ModelResource.open(url)) {
      return file.source();
    }
  }

  /** The place must hold what the model's bytes are. */
  private void assertMapped(URL url) throws IOException {
    String source = source(url);
    String before = outer + " at byte ";
    assertTrue(source.startsWith(before), source);
    int from = Integer.parseInt(source.substring(before.length()));
    byte[] there = Arrays.copyOfRange(Files.readAllBytes(outer), from, from + bytes.length);
    assertTrue(Arrays.equals(bytes, there), source);
  }

  private static void assertCopied(URL url) throws IOException {
    assertEquals(url.toString(), source(url));
  }

  @Test
  void aFileIsMapped() throws IOException {
    Path file = Files.write(folder.resolve("100% \u00E4 b.safetensors"), bytes);
    assertEquals(file.toString(), source(file.toUri().toURL()));
  }

  @Test
  void anEntryOfAJarIsMappedIfItIsStored() throws IOException {
    Files.write(outer, JarFiles.stored("\u00FC b+100%.safetensors", bytes, ""));
    assertMapped(plain("%C3%BC%20b+100%25.safetensors"));
  }

  @Test
  void anEntryOfAJarIsCopiedIfItIsCompressed() throws IOException {
    Files.write(outer, JarFiles.compressed(ENTRY, bytes));
    assertCopied(plain(ENTRY));
  }

  @Test
  void anEntryOfANestedJarIsMappedIfBothAreStored() throws IOException {
    byte[] inner = JarFiles.stored(ENTRY, bytes, "a comment");
    Files.write(outer, JarFiles.stored(INNER_NAME, inner, "another"));
    assertMapped(nested(INNER, ENTRY));
  }

  @Test
  void anEntryOfAFolderInAJarIsMapped() throws IOException {
    Files.write(outer, JarFiles.stored("BOOT-INF/classes/" + ENTRY, bytes, ""));
    assertMapped(nested("BOOT-INF/classes/", ENTRY));
  }

  @Test
  void whatIsCompressedOnAnyLevelIsCopied() throws IOException {
    Files.write(outer, JarFiles.stored(INNER_NAME, JarFiles.compressed(ENTRY, bytes), ""));
    assertCopied(nested(INNER, ENTRY));
    Files.write(outer, JarFiles.compressed(INNER_NAME, JarFiles.stored(ENTRY, bytes, "")));
    assertCopied(nested(INNER, ENTRY));
  }

  @Test
  void whereNothingIsFoundTheUrlIsAsked() throws IOException {
    byte[] inner = JarFiles.stored(ENTRY, bytes, "");
    assertCopied(nested(INNER, ENTRY));
    Files.write(outer, JarFiles.stored(INNER_NAME, inner, ""));
    assertCopied(nested(INNER, "some/other"));
    assertCopied(nested("BOOT-INF/lib/other.jar", ENTRY));
    Files.write(outer, JarFiles.stored(INNER_NAME, Arrays.copyOf(inner, inner.length - 1), ""));
    assertCopied(nested(INNER, ENTRY));
    Files.write(outer, new byte[1000]);
    assertCopied(nested(INNER, ENTRY));
  }

  @Test
  void aMissingResourceIsNamed() throws IOException {
    URL file = folder.resolve("none").toUri().toURL();
    assertThrows(NoSuchFileException.class, () -> ModelResource.open(file));
    Files.write(outer, JarFiles.stored(ENTRY, bytes, ""));
    URL entry = plain("none");
    IOException e = assertThrows(FileNotFoundException.class, () -> ModelResource.open(entry));
    assertTrue(e.getMessage().startsWith(entry + ": there is no such resource"), e.getMessage());
    URL jar = URI.create("jar:" + folder.resolve("none.jar").toUri() + "!/" + ENTRY).toURL();
    String noJar = refused(FileNotFoundException.class, jar);
    assertTrue(noJar.startsWith(jar + ": there is no such resource"), noJar);
  }

  private static final String WHAT_TO_DO =
      "; check the address and whether it answers within 30 seconds, or fetch the model and load"
          + " its file";

  private static String refused(Class<? extends IOException> type, URL url) {
    return assertThrows(type, () -> Embedder.load(url)).getMessage();
  }

  private static void answer(HttpExchange exchange, int status, int length, byte[] body)
      throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, length);
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().flush();
    }
  }

  @Test
  void whatAServerDoesIsSaidWithTheAddress() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    String base = "http://localhost:" + server.getAddress().getPort() + "/";
    byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
    server.createContext("/none", e -> answer(e, 404, -1, new byte[0]));
    server.createContext("/busy", e -> answer(e, 503, -1, new byte[0]));
    server.createContext("/half", e -> answer(e, 200, bytes.length, half));
    server.createContext("/whole", e -> answer(e, 200, bytes.length, bytes));
    server.createContext(
        "/moved",
        e -> {
          e.getResponseHeaders().add("Location", "https://localhost:1/model");
          answer(e, 301, -1, new byte[0]);
        });
    server.start();
    try {
      URL none = URI.create(base + "none").toURL();
      String missing = refused(FileNotFoundException.class, none);
      assertTrue(
          missing.startsWith(none + ": there is no such resource; check the address"), missing);
      for (String path : List.of("busy", "half", "moved")) {
        URL url = URI.create(base + path).toURL();
        String message = refused(IOException.class, url);
        assertTrue(message.startsWith(url + ": cannot be read: "), message);
        assertTrue(message.endsWith(WHAT_TO_DO), message);
      }
      assertTrue(refused(IOException.class, URI.create(base + "busy").toURL()).contains("503"));
      String moved = refused(IOException.class, URI.create(base + "moved").toURL());
      assertTrue(moved.contains("its server sends one on to https://localhost:1/model;"), moved);
      Embedder.load(URI.create(base + "whole").toURL()).close();
    } finally {
      server.stop(0);
    }
    URL url = URI.create(base + "whole").toURL();
    assertEquals(
        url + ": cannot be read: java.net.ConnectException: Connection refused" + WHAT_TO_DO,
        refused(IOException.class, url));
  }

  /** Fails as it is told. */
  private static InputStream failing(IOException e) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw e;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        throw e;
      }
    };
  }

  private URL failingUrl(IOException failure) throws IOException {
    return URL.of(
        URI.create("models:/roof"),
        new URLStreamHandler() {
          @Override
          protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
              @Override
              public void connect() {}

              @Override
              public InputStream getInputStream() {
                return failing(failure);
              }
            };
          }
        });
  }

  @Test
  void aServerThatDoesNotAnswerIsNamed() throws IOException {
    IOException timeout = new SocketTimeoutException("Read timed out");
    IOException e = assertThrows(IOException.class, () -> Reranker.load(failingUrl(timeout)));
    assertEquals(
        "models:/roof: cannot be read: java.net.SocketTimeoutException: Read timed out"
            + WHAT_TO_DO,
        e.getMessage());
    assertSame(timeout, e.getCause());
    String closed =
        refused(InterruptedIOException.class, failingUrl(new ClosedByInterruptException()));
    assertEquals("models:/roof: is not loaded, because the calling thread is interrupted", closed);
  }

  @Test
  void aStreamThatFailsIsNamed() {
    IOException broken = new IOException("Broken pipe");
    IOException e =
        assertThrows(IOException.class, () -> Embedder.load(failing(broken), "the roof model"));
    assertEquals(
        "the roof model: cannot be read: java.io.IOException: Broken pipe; open the stream again,"
            + " or load the model from a file",
        e.getMessage());
    assertSame(broken, e.getCause());
  }

  @Test
  void aResourceOfTheRunTimeImageIsRead() throws IOException {
    URL url = Object.class.getResource("Object.class");
    assertEquals("jrt", url.getProtocol());
    IOException e = assertThrows(ModelFormatException.class, () -> ModelResource.open(url));
    assertTrue(
        e.getMessage().startsWith("jrt:/java.base/java/lang/Object.class: "), e.getMessage());
  }

  @Test
  void withoutAUrlTheMessageSaysWhatMayBeWrong() {
    for (NullPointerException e :
        List.of(
            assertThrows(NullPointerException.class, () -> Embedder.builder().load((URL) null)),
            assertThrows(NullPointerException.class, () -> Reranker.builder().load((URL) null)))) {
      assertTrue(e.getMessage().startsWith("url is null, as Class.getResource"), e.getMessage());
    }
  }

  @Test
  void aUrlAndAStreamGiveTheVectorsOfTheFile() throws IOException {
    Path file = folder.resolve("model.safetensors");
    List<String> texts = Fixture.open("bert-mean").texts();
    try (Embedder expected = Embedder.load(file);
        Embedder byUrl = Embedder.builder().load(file.toUri().toURL());
        Embedder byStream = Embedder.builder().load(new ByteArrayInputStream(bytes), "a name")) {
      Vectors.assertSame(expected.embedAll(texts), byUrl.embedAll(texts), "URL");
      Vectors.assertSame(expected.embedAll(texts), byStream.embedAll(texts), "stream");
    }
  }

  @Test
  void aStreamStaysOpen() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream stream =
        new ByteArrayInputStream(bytes) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    Embedder.builder().load(stream, "a name").close();
    assertFalse(closed.get());
  }

  @Test
  void messagesNameTheStream() {
    byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
    IOException e =
        assertThrows(
            ModelFormatException.class,
            () -> Embedder.builder().load(new ByteArrayInputStream(half), "the roof model"));
    assertTrue(e.getMessage().startsWith("the roof model: "), e.getMessage());
    assertTrue(e.getMessage().endsWith("is incomplete: fetch it again"), e.getMessage());
    IOException notScoring =
        assertThrows(
            ModelFormatException.class,
            () -> Reranker.builder().load(new ByteArrayInputStream(bytes), "the roof model"));
    assertTrue(notScoring.getMessage().contains("the roof model: "), notScoring.getMessage());
    assertThrows(NullPointerException.class, () -> Embedder.builder().load(null, "a name"));
    assertThrows(
        NullPointerException.class,
        () -> Embedder.builder().load(new ByteArrayInputStream(bytes), null));
  }
}
