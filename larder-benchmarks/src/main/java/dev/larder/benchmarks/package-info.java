/**
 * What a hit costs, beside other caches of Java and beside the least a hit can cost. Measured with
 * JMH; {@link dev.larder.benchmarks.HitReport} runs it.
 */
@NullMarked
package dev.larder.benchmarks;

import org.jspecify.annotations.NullMarked;
