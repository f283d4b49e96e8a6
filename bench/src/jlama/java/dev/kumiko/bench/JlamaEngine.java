package dev.kumiko.bench;

import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.model.functions.Generator.PoolingType;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.util.PhysicalCoreExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Jlama on Panama's vectors, one text at a time, which is all its embedding API has. */
final class JlamaEngine implements Engine {
  private final AbstractModel model;

  private JlamaEngine(AbstractModel model) {
    this.model = model;
  }

  /** Makes the folder that Jlama reads, once, and loads it. */
  public static final class Provider implements JlamaEngines {
    @Override
    public Engine load(Models models, int threads) {
      Path folder = models.folder().resolve("jlama");
      try {
        if (!Files.exists(folder)) {
          HuggingFaceFolder.write(models.kumikoFp32(), folder);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      PhysicalCoreExecutor.overrideThreadCount(threads);
      return new JlamaEngine(
          ModelSupport.loadEmbeddingModel(folder.toFile(), DType.F32, DType.F32));
    }
  }

  @Override
  public float[][] embed(List<String> texts) {
    float[][] vectors = new float[texts.size()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = model.embed(texts.get(i), PoolingType.AVG);
    }
    return vectors;
  }

  @Override
  public void close() {
    model.close();
  }
}
