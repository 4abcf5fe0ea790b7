package dev.larder.embedded;

import java.util.Arrays;
import java.util.List;

/** Looks at the threads of a group. */
final class Threads {
  private Threads() {}

  /** The live threads of a group and the groups below it, at about this moment. */
  static List<Thread> in(ThreadGroup group) {
    Thread[] found = new Thread[Math.max(16, group.activeCount() * 2)];
    int count = group.enumerate(found);
    while (count == found.length) {
      found = new Thread[found.length * 2];
      count = group.enumerate(found);
    }
    return Arrays.asList(found).subList(0, count);
  }

  /** The group that holds every thread of this JVM. */
  static ThreadGroup root() {
    ThreadGroup group = ExitWatch.GROUP;
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }
}
