package dev.larder.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The contract suite fails on storages that are wrong, in the test that is about the mistake. */
class ContractCatchesWrongStoragesTest {
  @ParameterizedTest
  @EnumSource
  void contract_wrongStorage_isCaught(WrongStorages wrong) {
    SuiteOverAWrongStorage.UNDER_TEST.set(wrong);
    try {
      LauncherDiscoveryRequest suite =
          LauncherDiscoveryRequestBuilder.request()
              .selectors(selectClass(SuiteOverAWrongStorage.class))
              .build();
      Outcomes outcomes = new Outcomes();
      LauncherFactory.create().execute(suite, outcomes);
      assertThat(outcomes.failed).contains(wrong.caughtBy);
      assertThat(outcomes.passed).as("the suite ran").hasSizeGreaterThan(20);
    } finally {
      SuiteOverAWrongStorage.UNDER_TEST.remove();
    }
  }

  private static final class Outcomes implements TestExecutionListener {
    final Set<String> passed = new TreeSet<>();
    final Set<String> failed = new TreeSet<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest() && test.getSource().orElse(null) instanceof MethodSource method) {
        (result.getStatus() == TestExecutionResult.Status.FAILED ? failed : passed)
            .add(method.getMethodName());
      }
    }
  }
}
