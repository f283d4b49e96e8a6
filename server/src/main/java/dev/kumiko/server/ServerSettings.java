package dev.kumiko.server;

import dev.kumiko.Precision;
import dev.kumiko.server.batch.BatchSettings;
import dev.kumiko.server.http.Address;
import dev.kumiko.server.http.Limits;
import dev.kumiko.server.model.ModelSource;
import java.util.List;

/**
 * What a server is started with.
 *
 * @param models what it serves; none for the default model of the class path
 * @param precision what models with int8 activations are computed with
 * @param address where it listens
 * @param batches how requests are computed together
 * @param limits what it refuses
 * @param texts a request has at most so many
 * @param tokenIds whether ids of a model's own vocabulary are taken in the place of texts
 * @param accessLog whether each request is logged as a line of JSON
 */
record ServerSettings(
    List<ModelSource> models,
    Precision precision,
    Address address,
    BatchSettings batches,
    Limits limits,
    int texts,
    boolean tokenIds,
    boolean accessLog) {}
