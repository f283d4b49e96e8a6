package dev.kumiko.server.metrics;

import dev.kumiko.server.batch.BatchListener;
import dev.kumiko.server.batch.Batcher;
import dev.kumiko.server.http.Notes;
import dev.kumiko.server.http.RequestListener;
import dev.kumiko.server.model.ServedModel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/** What the server counts and times, in the text format of Prometheus. Safe for concurrent use. */
public final class ServerMetrics implements BatchListener, RequestListener {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final DistributionSummary batchInputs =
      summary("kumiko.batch.inputs", "Inputs that were computed together.");
  private final DistributionSummary batchTokens =
      summary("kumiko.batch.tokens", "About how many tokens were computed together.");
  private final Timer compute =
      timer("kumiko.batch.compute", "How long a batch was computed.").register(registry);
  private final Timer queue =
      timer("kumiko.queue.wait", "How long a request's texts waited for their turn.")
          .register(registry);

  /** Shows what the JVM counts itself, too; once. Takes a tenth of a second in a new JVM. */
  @SuppressWarnings("resource") // It listens to collections as long as the JVM runs.
  public void watchJvm() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private DistributionSummary summary(String name, String description) {
    return DistributionSummary.builder(name)
        .description(description)
        .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
        .register(registry);
  }

  private static Timer.Builder timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));
  }

  /**
   * Shows what a batcher has to do.
   *
   * @param batcher of this server
   */
  public void watch(Batcher batcher) {
    Gauge.builder("kumiko.queue.inputs", batcher, Batcher::waiting)
        .description("Inputs that wait for their turn.")
        .register(registry);
    Gauge.builder("kumiko.pool.busy", batcher, Batcher::computing)
        .description("Threads that compute.")
        .register(registry);
    Gauge.builder("kumiko.pool.threads", batcher, Batcher::threads)
        .description("Threads that can compute at a time.")
        .register(registry);
  }

  /**
   * Shows what computes a model.
   *
   * @param model of this server
   */
  public void watch(ServedModel model) {
    Gauge.builder("kumiko.vector.bits", model, served -> served.backend().vectorBits())
        .description("Width of the vectors that compute; 0 while it is plain Java.")
        .tag("model", model.name())
        .register(registry);
  }

  @Override
  public void computed(int inputs, int tokens, long nanos) {
    batchInputs.record(inputs);
    batchTokens.record(tokens);
    compute.record(Duration.ofNanos(nanos));
  }

  @Override
  public void answered(Notes notes, int status, long nanos) {
    timer("kumiko.http.requests", "Requests, by route and status.")
        .tags("route", notes.route(), "status", Integer.toString(status))
        .register(registry)
        .record(Duration.ofNanos(nanos));
    if (notes.texts() > 0) {
      count("kumiko.texts", "Texts that were computed.", notes.model(), notes.texts());
      count("kumiko.tokens", "Tokens that were computed.", notes.model(), (double) notes.tokens());
      queue.record(Duration.ofNanos(notes.queueNanos()));
    }
  }

  private void count(String name, String description, String model, double more) {
    Counter.builder(name)
        .description(description)
        .tag("model", model)
        .register(registry)
        .increment(more);
  }

  /** {@return all of it, in the text format of Prometheus, version 0.0.4} */
  public String text() {
    return registry.scrape();
  }
}
