package dev.utsushi.construct;

/**
 * The workers of a replication: containers on Fargate in place of the replication function. {@link
 * #of} takes what is required; every other method sets an option and returns the same object.
 */
public final class WorkerProps {
  final String image;
  final WorkerCluster cluster;
  int cpu = 512;
  int memoryMib = 1024;
  int minimum = 1;
  int maximum = 4;
  int lanes = 10;
  int batchSize = 100;

  private WorkerProps(String image, WorkerCluster cluster) {
    this.image = image;
    this.cluster = cluster;
  }

  /**
   * Returns workers with the default options.
   *
   * @param image the URI of the worker's image, with a tag or a digest
   * @param cluster where they run
   */
  public static WorkerProps of(String image, WorkerCluster cluster) {
    return new WorkerProps(image, cluster);
  }

  /** Sets the CPU units of a worker; 1,024 are a vCPU. */
  public WorkerProps cpu(int units) {
    cpu = units;
    return this;
  }

  /** Sets the memory of a worker. */
  public WorkerProps memoryMib(int mebibytes) {
    memoryMib = mebibytes;
    return this;
  }

  /** Sets the least number of workers. */
  public WorkerProps minimum(int workers) {
    minimum = ReplicationProps.within("minimum", workers, 1, 1_000);
    return this;
  }

  /** Sets the largest number of workers. One beyond the number of shards has nothing to do. */
  public WorkerProps maximum(int workers) {
    maximum = ReplicationProps.within("maximum", workers, 1, 1_000);
    return this;
  }

  /** Sets how many changes of a shard are written at a time, 1 to 100. */
  public WorkerProps lanes(int changes) {
    lanes = ReplicationProps.within("lanes", changes, 1, 100);
    return this;
  }

  /** Sets the largest number of records in one request to the engine, 1 to 1,000. */
  public WorkerProps batchSize(int records) {
    batchSize = ReplicationProps.within("batchSize", records, 1, 1_000);
    return this;
  }
}
