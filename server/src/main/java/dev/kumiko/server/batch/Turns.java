package dev.kumiko.server.batch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The queue of jobs, fair between clients and between one client's jobs: clients take turns by
 * tokens (deficit round robin: Shreedhar and Varghese, Efficient Fair Queuing, 1995), a client's
 * jobs by inputs. Not safe for concurrent use.
 */
final class Turns {
  /** So many tokens more a client may take each time it is its turn. */
  private static final int QUANTUM = 64;

  /** Whoever waited long is not to keep others waiting as long. */
  private static final int MOST_CREDIT = 1024;

  private final Map<Object, Client> clients = new HashMap<>();
  private final Deque<Client> order = new ArrayDeque<>();
  private int inputs;
  private long cost;

  /** One client's jobs. */
  private static final class Client {
    private final Object name;
    private final Set<Job<?, ?>> jobs = new LinkedHashSet<>();
    private long credit;

    Client(Object name) {
      this.name = name;
    }
  }

  void add(Job<?, ?> job) {
    Client client =
        clients.computeIfAbsent(
            job.client(),
            name -> {
              Client added = new Client(name);
              order.addLast(added);
              return added;
            });
    client.jobs.add(job);
    count(job, 1);
  }

  /** Leaves out what a job has not been given yet. */
  void remove(Job<?, ?> job) {
    Client client = clients.get(job.client());
    if (client != null && client.jobs.remove(job)) {
      count(job, -1);
      forget(client);
    }
  }

  private void count(Job<?, ?> job, int sign) {
    inputs += sign * job.left();
    cost += sign * job.leftCost();
  }

  private void forget(Client client) {
    if (client.jobs.isEmpty()) {
      clients.remove(client.name);
      order.remove(client);
    }
  }

  /** Returns the number of inputs that wait. */
  int inputs() {
    return inputs;
  }

  /** Returns about how many tokens wait. */
  long cost() {
    return cost;
  }

  /**
   * Takes inputs that are computed together.
   *
   * @param most about so many tokens; a single input may have more
   * @param takesLong whether a long input may be it
   * @return empty if nothing waits that may be taken
   */
  Optional<Batch<?, ?>> take(int most, boolean takesLong) {
    Batch<?, ?> batch = null;
    letBegin(mostPatient(most, takesLong));
    int passed = 0;
    while (passed < order.size()) {
      Client client = order.removeFirst();
      order.addLast(client);
      Job<?, ?> job = next(client, batch, most, takesLong);
      if (job == null) {
        passed++;
        continue;
      }
      passed = 0;
      client.credit += QUANTUM;
      while (job != null && client.credit >= job.nextCost()) {
        client.credit -= job.nextCost();
        batch = batch == null ? new Batch<>(job.computation()) : batch;
        give(client, job, batch);
        job = next(client, batch, most, takesLong);
      }
      forget(client);
    }
    return Optional.ofNullable(batch);
  }

  /**
   * Returns who begins the next batch: a long input can do nothing else, and what others compute
   * does not suit must have its turn, too. Null if nothing may be taken.
   */
  private Client mostPatient(int most, boolean takesLong) {
    Client patient = null;
    for (Client client : order) {
      client.credit = Math.min(client.credit + QUANTUM, MOST_CREDIT);
      boolean may = next(client, null, most, takesLong) != null;
      if (may && (patient == null || client.credit > patient.credit)) {
        patient = client;
      }
    }
    return patient;
  }

  private void letBegin(Client client) {
    if (client != null) {
      order.remove(client);
      order.addFirst(client);
    }
  }

  /** Returns the client's first job whose next input may come into the batch, or null. */
  private static Job<?, ?> next(Client client, Batch<?, ?> batch, int most, boolean takesLong) {
    for (Job<?, ?> job : client.jobs) {
      int cost = job.nextCost();
      boolean fits =
          batch == null
              ? takesLong || cost <= Batch.LONG
              : cost <= Batch.LONG && batch.takes(job, most);
      if (fits) {
        return job;
      }
    }
    return null;
  }

  private void give(Client client, Job<?, ?> job, Batch<?, ?> batch) {
    inputs--;
    cost -= job.nextCost();
    batch.take(job);
    client.jobs.remove(job);
    if (job.left() > 0) {
      client.jobs.add(job);
    }
  }
}
