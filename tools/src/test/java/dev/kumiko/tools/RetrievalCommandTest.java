package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrievalCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void data() throws IOException {
    // With the model's prompt, "query: roof" is the query "roof".
    Files.writeString(
        folder.resolve("queries.jsonl"),
        "{\"_id\":\"q1\",\"text\":\"roof\"}\n{\"_id\":\"q2\",\"text\":\"an invoice is due\"}\n"
            + "{\"_id\":\"unjudged\",\"text\":\"nothing\"}\n");
    Files.writeString(
        folder.resolve("corpus.jsonl"),
        "{\"_id\":\"d1\",\"title\":\"query:\",\"text\":\"roof\"}\n"
            + "{\"_id\":\"d2\",\"title\":\"\",\"text\":\"query: an invoice is due\"}\n"
            + "{\"_id\":\"q1\",\"text\":\"query: roof\"}\n");
    Files.createDirectory(folder.resolve("qrels"));
    Files.writeString(
        folder.resolve("qrels/test.tsv"), "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t2\n");
  }

  private Outcome eval(String... more) {
    String[] all = new String[more.length + 5];
    System.arraycopy(
        new String[] {"eval", "retrieval", "-m", SmallModel.path(), folder.toString()},
        0,
        all,
        0,
        5);
    System.arraycopy(more, 0, all, 5, more.length);
    return Outcome.of(all);
  }

  @Test
  void queriesFindTheirDocumentsWithTheModelsPrompt() {
    String perfect =
        "queries     2\ndocuments   3\nnDCG@10     100.00\nrecall@1    100.00\nrecall@5    100.00\n"
            + "MRR@10      100.00\n";
    assertEquals(perfect, eval("--at", "1,5").silent().out);
    Path vectors = folder.resolve("v.npy");
    assertEquals(perfect, eval("--at", "1,5", "--vectors", vectors.toString()).silent().out);
    assertTrue(Files.exists(vectors));
    assertEquals(perfect, eval("--at", "1,5", "--vectors", vectors.toString()).silent().out);
    Outcome other = eval("--no-prompt", "--vectors", vectors.toString());
    assertTrue(other.err.contains("its vectors were made with other settings"), other.err);
  }

  @Test
  void tablesOfTabsAreReadAsWell() throws IOException {
    Files.delete(folder.resolve("corpus.jsonl"));
    Files.writeString(
        folder.resolve("corpus.tsv"), "d1\tquery: roof\nd2\tquery: an invoice is due\n");
    Files.writeString(folder.resolve("qrels/dev.tsv"), "q1\td2\t1\n");
    assertEquals(
        "queries     1\ndocuments   2\nnDCG@10     63.09\nrecall@1    0.00\nMRR@10      50.00\n",
        eval("--split", "dev", "--at", "1").silent().out);
  }

  @Test
  void damagedDataAreNamed() throws IOException {
    Path relevance = folder.resolve("qrels/test.tsv");
    Files.writeString(relevance, "q1\td9\t1\n");
    eval()
        .failed(
            1,
            relevance
                + ": line 1 names \"d9\", which "
                + folder.resolve("corpus.jsonl")
                + " does not have");
    Files.writeString(relevance, "q1 d1 1\n");
    eval()
        .failed(
            1,
            relevance
                + ": line 1 is \"q1 d1 1\", expected a query's name, a document's name and a whole"
                + " number, with tabs between them");
    Files.writeString(folder.resolve("corpus.jsonl"), "{\"_id\":\"d\",\"text\":\"a\"}\n".repeat(2));
    eval()
        .failed(
            1,
            folder.resolve("corpus.jsonl")
                + ": line 2 has the name \"d\" again, which line 1 has already");
    Files.delete(folder.resolve("queries.jsonl"));
    Files.writeString(folder.resolve("corpus.jsonl"), "{\"_id\":\"d\",\"text\":\"a\"}\n");
    eval().failed(1, folder + ": has no queries.jsonl and no queries.tsv; expected BEIR's layout");
  }
}
