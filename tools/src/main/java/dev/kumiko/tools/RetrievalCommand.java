package dev.kumiko.tools;

import dev.kumiko.Prompt;
import dev.kumiko.model.Similarity;
import dev.kumiko.search.ExactSearch;
import dev.kumiko.search.Neighbours;
import dev.kumiko.search.VectorSource;
import dev.kumiko.tools.measure.Judgements;
import dev.kumiko.tools.measure.NamedTexts;
import dev.kumiko.tools.measure.RankedDocument;
import dev.kumiko.tools.measure.RetrievalScores;
import dev.kumiko.train.data.FileHash;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how well queries find their documents. */
@Command(
    name = "retrieval",
    description = "Measure how well queries find their documents: nDCG@10, recall, MRR@10.",
    footer = {
      "",
      "FOLDER is in BEIR's layout: queries and corpus (.jsonl with _id, title and text,",
      "or .tsv with a name and a text) and qrels/SPLIT.tsv (query, document, grade).",
      "Queries get the model's prompt for queries, documents that for documents. A",
      "document with the name of the query is left out. The measures are trec_eval's.",
      "",
      "Example:",
      "  kumiko eval retrieval scifact/ --vectors scifact.npy"
    })
final class RetrievalCommand implements Callable<Integer> {
  private static final int TOP = 10;
  private static final int DEEPEST = 10_000;

  private final Streams streams;

  @Mixin private EmbedderOptions embedding;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "Which judgements of the folder; the default is test.")
  private String split = "test";

  @Option(
      names = "--at",
      paramLabel = "K",
      split = ",",
      description = "Where recall is measured; the default is 10,100.")
  private List<Integer> at = List.of(TOP, 100);

  @Option(
      names = "--score",
      paramLabel = "HOW",
      description = "cosine or dot; the default is what the model states.")
  private Similarity score;

  @Option(
      names = "--vectors",
      paramLabel = "FILE.npy",
      description = "Keep the documents' vectors here, or take them from here.")
  private Path vectors;

  @Parameters(paramLabel = "FOLDER", description = "Queries, documents and judgements.")
  private Path folder;

  RetrievalCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (at.stream().anyMatch(k -> k < 1 || k > DEEPEST)) {
      throw new UsageException("--at must be numbers from 1 to %d, not %s".formatted(DEEPEST, at));
    }
    NamedTexts corpus = NamedTexts.read(one("corpus.jsonl", "corpus.tsv"));
    NamedTexts queries = NamedTexts.read(one("queries.jsonl", "queries.tsv"));
    Path relevance = one("qrels/" + split + ".tsv", "qrels.tsv");
    Judgements judgements = Judgements.read(relevance, queries, corpus);
    RetrievalScores scores = rank(queries.only(judgements.queries()), corpus, judgements);
    Writer out = streams.writer();
    out.write(line("queries", "%d", scores.queries()));
    out.write(line("documents", "%d", corpus.count()));
    out.write(line("nDCG@10", "%.2f", 100 * scores.ndcg(TOP)));
    for (int k : at) {
      out.write(line("recall@" + k, "%.2f", 100 * scores.recall(k)));
    }
    out.write(line("MRR@10", "%.2f", 100 * scores.reciprocalRank(TOP)));
    out.flush();
    return 0;
  }

  private static String line(String name, String format, Object value) {
    return String.format(Locale.ROOT, "%-11s " + format + "\n", name, value);
  }

  private Path one(String... names) throws IOException {
    for (String name : names) {
      Path path = folder.resolve(name);
      if (Files.isRegularFile(path)) {
        return path;
      }
    }
    throw new CommandFailedException(
        "%s: has no %s; expected BEIR's layout".formatted(folder, String.join(" and no ", names)));
  }

  private RetrievalScores rank(NamedTexts queries, NamedTexts corpus, Judgements judgements)
      throws IOException {
    int depth = Math.max(TOP, at.stream().mapToInt(Integer::intValue).max().orElse(TOP)) + 1;
    RetrievalScores scores = new RetrievalScores(judgements);
    try (VectorMaker maker = new VectorMaker(embedding, streams);
        Progress progress = new Progress(streams);
        ExactSearch search = maker.search(similarity(maker), progress)) {
      VectorSource documents = vectors(maker, corpus, Prompt.DOCUMENT, vectors);
      VectorSource asked = vectors(maker, queries, Prompt.QUERY, null);
      VectorMaker.requireSameDimension(queries.file(), asked, corpus.file(), documents);
      Neighbours found = search.nearest(asked, documents, depth);
      for (int query = 0; query < queries.count(); query++) {
        scores.add(queries.id(query), ranking(found, query, queries.id(query), corpus, depth - 1));
      }
    }
    return scores;
  }

  private static List<RankedDocument> ranking(
      Neighbours found, int query, String id, NamedTexts corpus, int depth) {
    List<RankedDocument> ranking = new ArrayList<>();
    for (int rank = 0; rank < found.each() && ranking.size() < depth; rank++) {
      String document = corpus.id(found.index(query, rank));
      if (!document.equals(id)) {
        ranking.add(new RankedDocument(document, found.score(query, rank)));
      }
    }
    return ranking;
  }

  private Similarity similarity(VectorMaker maker) throws IOException {
    Similarity wanted = score == null ? maker.similarity() : score;
    if (wanted == Similarity.COSINE || wanted == Similarity.DOT) {
      return wanted;
    }
    if (score != null) {
      throw new UsageException("--score is cosine or dot, not " + Choice.name(score));
    }
    streams.say(
        "the model compares by " + Choice.name(wanted) + ", which is not searched; taking cosine");
    return Similarity.COSINE;
  }

  private VectorSource vectors(VectorMaker maker, NamedTexts texts, Prompt prompt, Path kept)
      throws IOException {
    List<String> list = texts.texts();
    return maker.vectors(
        new ListTexts(list, texts::place),
        list.size(),
        FileHash.ofLines(list),
        kept,
        embedding.hasPrompt() ? null : prompt);
  }
}
