package dev.utsushi.loadtest.measurement;

/** What traffic is sent through. */
public sealed interface TestedPipeline permits PipelineSettings, DeployedStream {}
