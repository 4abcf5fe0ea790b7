package dev.larder.jdk;

import dev.larder.WriteMode;
import org.junit.jupiter.api.Nested;

/** What holds for clients that store before they return holds for those that store later. */
class BehindTest {
  @Nested
  class Collapse extends CollapseTest {
    @Override
    WriteMode writeMode() {
      return WriteMode.BEHIND;
    }
  }

  @Nested
  class Invalidation extends InvalidationTest {
    @Override
    WriteMode writeMode() {
      return WriteMode.BEHIND;
    }
  }

  @Nested
  class LateAnswers extends LateAnswersTest {
    @Override
    WriteMode writeMode() {
      return WriteMode.BEHIND;
    }
  }

  @Nested
  class Parts extends PartsTest {
    @Override
    WriteMode writeMode() {
      return WriteMode.BEHIND;
    }
  }

  @Nested
  class Post extends PostTest {
    @Override
    WriteMode writeMode() {
      return WriteMode.BEHIND;
    }
  }

  @Nested
  class Secrecy extends SecrecyTest {
    @Override
    WriteMode writeMode() {
      return WriteMode.BEHIND;
    }
  }

  @Nested
  class Stale extends StaleTest {
    @Override
    WriteMode writeMode() {
      return WriteMode.BEHIND;
    }
  }

  @Nested
  class Validation extends ValidationTest {
    @Override
    WriteMode writeMode() {
      return WriteMode.BEHIND;
    }
  }

  @Nested
  class Vary extends VaryTest {
    @Override
    WriteMode writeMode() {
      return WriteMode.BEHIND;
    }
  }
}
