package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.Exchanges;
import dev.larder.HttpCache;
import dev.larder.TestCache;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import dev.larder.key.KeyFunction;
import java.net.Authenticator;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.PasswordAuthentication;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets what the origin made for somebody else, however the two are told apart. */
@Timeout(120)
class SecrecyTest extends ClientTest {
  private static final String NOBODY = "";
  private static final List<List<String>> ORDERS =
      List.of(
          List.of(NOBODY, "alice", "bob"),
          List.of(NOBODY, "bob", "alice"),
          List.of("alice", NOBODY, "bob"),
          List.of("alice", "bob", NOBODY),
          List.of("bob", NOBODY, "alice"),
          List.of("bob", "alice", NOBODY));

  /** Answers with whom the origin takes the caller for, by any of the usual fields. */
  private void answersEach(String path, String... fields) {
    origin.on(
        path,
        (request, out) -> Origin.reply(out, 200, answerFor(user(request)), with(request, fields)));
  }

  private static String[] with(Origin.Received request, String... fields) {
    String[] all = new String[fields.length + 2];
    System.arraycopy(fields, 0, all, 0, fields.length);
    all[fields.length] = "X-User";
    all[fields.length + 1] = user(request);
    return all;
  }

  private static String answerFor(String user) {
    return "account of [" + user + "]";
  }

  private static String user(Origin.Received request) {
    String credential =
        request.field("Authorization") + request.field("Cookie") + request.field("X-API-Key");
    if (credential.startsWith("Basic ")) {
      byte[] decoded = Base64.getDecoder().decode(credential.substring("Basic ".length()));
      return new String(decoded, StandardCharsets.UTF_8).replaceAll(":.*", "");
    }
    return credential.replace("Bearer ", "").replace("sid=", "");
  }

  private String[] credential(String field, String user) {
    if (user.equals(NOBODY)) {
      return new String[0];
    }
    String prefix =
        switch (field) {
          case "Authorization" -> "Bearer ";
          case "Cookie" -> "sid=";
          default -> "";
        };
    return new String[] {field, prefix + user};
  }

  private HttpResponse<String> getAs(String path, String field, String user) throws Exception {
    clock.advance(Duration.ofMillis(2));
    return get(path, credential(field, user));
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization, ''",
    "Authorization, Authorization",
    "Cookie, ''",
    "Cookie, Cookie",
    "Cookie, Accept",
    "X-API-Key, ''",
    "X-API-Key, x-api-key",
    "X-API-Key, Authorization"
  })
  void send_anyOrder_eachGetsTheirOwn(String field, String vary) throws Exception {
    for (String control : List.of("max-age=60", "private, max-age=60")) {
      for (List<String> order : ORDERS) {
        String path = "/a" + ORDERS.indexOf(order) + control.length();
        if (vary.isEmpty()) {
          answersEach(path, "Cache-Control", control);
        } else {
          answersEach(path, "Cache-Control", control, "Vary", vary);
        }
        for (String user : order) {
          assertThat(getAs(path, field, user).body()).isEqualTo(answerFor(user));
        }
        for (String user : order) {
          HttpResponse<String> again = getAs(path, field, user);
          assertThat(again.body()).as(path + " " + order).isEqualTo(answerFor(user));
        }
        for (String user : List.of("alice", "bob")) {
          assertThat(isHit(getAs(path, field, user))).as("each keeps their own").isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_public_sharedByAll(String field) throws Exception {
    answersEach("/a", "Cache-Control", "public, max-age=60");
    getAs("/a", field, "alice");
    for (String user : List.of("bob", NOBODY, "alice")) {
      assertThat(isHit(getAs("/a", field, user))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_publicButVaryingByTheCredential_eachGetsTheirOwn(String field) throws Exception {
    answersEach("/a", "Cache-Control", "public, max-age=60", "Vary", field);
    for (int round = 0; round < 2; round++) {
      for (String user : List.of("alice", NOBODY, "bob")) {
        assertThat(getAs("/a", field, user).body()).isEqualTo(answerFor(user));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_sameEntityTagForAll_nobodyIsAnsweredFromAnothersEntry(String field) throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          boolean same = request.field("If-None-Match").equals("\"v1\"");
          Origin.reply(
              out,
              same ? 304 : 200,
              same ? "" : answerFor(user(request)),
              "Cache-Control",
              "max-age=60",
              "ETag",
              "\"v1\"");
        });
    for (int round = 0; round < 3; round++) {
      for (String user : List.of("alice", "bob", NOBODY)) {
        assertThat(getAs("/a", field, user).body()).isEqualTo(answerFor(user));
      }
      clock.advance(Duration.ofMinutes(2));
    }
    assertThat(origin.received.stream().filter(each -> !each.field("If-None-Match").isEmpty()))
        .hasSize(6);
  }

  @Test
  void send_validationOfASharedResponse_cookieOfTheOneWhoValidatedGoesToNobodyElse()
      throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          boolean same = !request.field("If-None-Match").isEmpty();
          if (same) {
            Origin.reply(out, 304, "", "ETag", "\"v1\"", "Set-Cookie", "visitor=" + user(request));
          } else {
            Origin.reply(out, 200, "x", "ETag", "\"v1\"", "Cache-Control", "public, max-age=60");
          }
        });
    get("/a");
    clock.advance(Duration.ofMinutes(2));
    getAs("/a", "Authorization", "bob");

    HttpResponse<String> forAlice = getAs("/a", "Authorization", "alice");

    assertThat(forAlice.headers().allValues("Set-Cookie")).noneMatch(each -> each.contains("bob"));
  }

  @Test
  void send_validationMakesASharedResponsePrivate_othersDoNotGetWhatItSaid() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          boolean same = !request.field("If-None-Match").isEmpty();
          Origin.reply(
              out,
              same ? 304 : 200,
              same ? "" : "x",
              "ETag",
              "\"v1\"",
              "X-For",
              user(request),
              "Cache-Control",
              user(request).isEmpty() ? "public, max-age=60" : "private, max-age=60");
        });
    get("/a");
    clock.advance(Duration.ofMinutes(2));
    assertThat(getAs("/a", "Authorization", "bob").headers().firstValue("X-For")).contains("bob");

    assertThat(getAs("/a", "Authorization", NOBODY).headers().firstValue("X-For")).contains("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_head_ofOnesOwn(String field) throws Exception {
    answersEach("/a", "Cache-Control", "max-age=60");
    getAs("/a", field, "alice");
    for (String user : List.of("bob", NOBODY, "alice")) {
      clock.advance(Duration.ofMillis(2));
      HttpRequest head =
          HttpRequest.newBuilder(request("/a", credential(field, user)), (name, value) -> true)
              .method("HEAD", BodyPublishers.noBody())
              .build();
      HttpResponse<Void> response = client.send(head, BodyHandlers.discarding());
      assertThat(response.headers().firstValue("X-User")).contains(user);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_range_ofOnesOwn(String field) throws Exception {
    answersEach("/a", "Cache-Control", "max-age=60", "ETag", "\"v1\"");
    getAs("/a", field, "alice");
    clock.advance(Duration.ofMillis(2));
    String[] bob = credential(field, "bob");
    HttpResponse<String> part = get("/a", bob[0], bob[1], "Range", "bytes=0-14");
    assertThat(part.headers().firstValue("X-User")).contains("bob");
    assertThat(part.body()).doesNotContain("alice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_cachedPost_eachGetsTheirOwn(String field) throws Exception {
    settings(CacheSettings.builder().allowableMethods(List.of("GET", "POST")));
    answersEach("/a", "Cache-Control", "max-age=60");
    for (int round = 0; round < 2; round++) {
      for (String user : List.of("alice", "bob", NOBODY)) {
        clock.advance(Duration.ofMillis(2));
        HttpRequest post =
            HttpRequest.newBuilder(request("/a", credential(field, user)), (name, value) -> true)
                .POST(BodyPublishers.ofString("q=1"))
                .build();
        assertThat(client.send(post, BodyHandlers.ofString()).body()).isEqualTo(answerFor(user));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_postThatAnswersGets_onlyForWhoPosted(String field) throws Exception {
    origin.on(
        "/a",
        (request, out) ->
            Origin.reply(
                out,
                200,
                answerFor(user(request)),
                "Cache-Control",
                "max-age=60",
                "Content-Location",
                "/a"));
    HttpRequest post =
        HttpRequest.newBuilder(request("/a", credential(field, "alice")), (name, value) -> true)
            .POST(BodyPublishers.ofString("q=1"))
            .build();
    client.send(post, BodyHandlers.ofString());
    for (String user : List.of("bob", NOBODY, "alice")) {
      assertThat(getAs("/a", field, user).body()).isEqualTo(answerFor(user));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_storedRedirect_leadsEachToTheirOwn(String field) throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(Redirect.NORMAL));
    origin.on(
        "/me",
        (request, out) ->
            Origin.reply(
                out,
                302,
                answerFor(user(request)),
                "Location",
                "/home-" + user(request),
                "Cache-Control",
                "max-age=60"));
    for (String user : List.of(NOBODY, "alice", "bob")) {
      answersEach("/home-" + user, "Cache-Control", "max-age=60");
    }
    for (int round = 0; round < 2; round++) {
      for (String user : List.of("alice", "bob", NOBODY)) {
        HttpResponse<String> response = getAs("/me", field, user);
        assertThat(response.body()).isEqualTo(answerFor(user));
        assertThat(response.uri().getPath()).isEqualTo("/home-" + user);
        assertThat(response.previousResponse().orElseThrow().body()).isEqualTo(answerFor(user));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_redirectToAnotherOrigin_credentialsStayHere(String field) throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(Redirect.NORMAL));
    try (Origin elsewhere = new Origin()) {
      elsewhere.on("/b", "x", "Cache-Control", "max-age=60");
      String target = elsewhere.uri("/b").toString();
      origin.on("/a", (request, out) -> Origin.reply(out, 302, "", "Location", target));
      assertThat(getAs("/a", field, "alice").body()).isEqualTo("x");
      assertThat(elsewhere.received.get(0).field(field)).isEmpty();
      assertThat(
              isHit(
                  client.send(
                      HttpRequest.newBuilder(elsewhere.uri("/b")).build(),
                      BodyHandlers.ofString())))
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void sendAsync_allAtOnce_eachGetsTheirOwn(String field) throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    origin.on(
        "/a",
        (request, out) -> {
          await(together);
          Origin.reply(out, 200, answerFor(user(request)), "Cache-Control", "max-age=60");
        });
    for (int round = 0; round < 2; round++) {
      List<String> users = List.of("alice", "bob", NOBODY);
      List<CompletableFuture<HttpResponse<String>>> answers =
          users.stream()
              .map(
                  user ->
                      client.sendAsync(
                          request("/a", credential(field, user)), BodyHandlers.ofString()))
              .toList();
      for (int i = 0; i < users.size(); i++) {
        assertThat(answers.get(i).get(30, TimeUnit.SECONDS).body())
            .isEqualTo(answerFor(users.get(i)));
      }
      clock.advance(Duration.ofMinutes(2));
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("not all three are under way at the same time", e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_refreshedInTheBackground_eachGetsTheirOwn(String field) throws Exception {
    answersEach("/a", "Cache-Control", "max-age=10, stale-while-revalidate=600");
    for (int round = 0; round < 3; round++) {
      for (String user : List.of("alice", "bob", NOBODY)) {
        assertThat(getAs("/a", field, user).body()).isEqualTo(answerFor(user));
        Exchanges.awaitNothingHeld(cache);
      }
      clock.advance(Duration.ofSeconds(30));
    }
    assertThat(origin.requests()).isGreaterThanOrEqualTo(9);
  }

  /** As requests-cache does: credentials in fields and in the query take no part in keys. */
  private static final KeyFunction BLIND =
      new KeyFunction() {
        @Override
        public CacheKey create(Request request, Collection<String> matchHeaders) {
          return new CacheKey("key of " + request.uri().getPath(), Optional.empty());
        }

        @Override
        public boolean mayCollide() {
          return true;
        }
      };

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Cookie", "X-API-Key"})
  void send_keysThatLeaveOutCredentials_eachGetsTheirOwn(String field) throws Exception {
    settings(CacheSettings.builder().keyFunction(BLIND));
    answersEach("/a", "Cache-Control", "max-age=60");
    for (List<String> order : ORDERS) {
      for (String user : order) {
        assertThat(getAs("/a", field, user).body()).isEqualTo(answerFor(user));
        // Under such keys the last to be stored takes the place of the others.
        cache.flush();
        assertThat(isHit(getAs("/a", field, user))).isTrue();
      }
    }
  }

  @Test
  void sendAsync_keysThatLeaveOutSecretsInQueries_eachGetsTheirOwn() throws Exception {
    settings(CacheSettings.builder().keyFunction(BLIND));
    CountDownLatch bothHaveLooked = new CountDownLatch(2);
    storage.onEachCall = bothHaveLooked::countDown;
    origin.on(
        "/a",
        (request, out) -> {
          bothHaveLooked.await(1, TimeUnit.SECONDS);
          Origin.reply(out, 200, request.line(), "Cache-Control", "max-age=60");
        });
    CompletableFuture<HttpResponse<String>> alice =
        client.sendAsync(request("/a?api_key=alice"), BodyHandlers.ofString());
    CompletableFuture<HttpResponse<String>> bob =
        client.sendAsync(request("/a?api_key=bob"), BodyHandlers.ofString());
    assertThat(alice.get(30, TimeUnit.SECONDS).body()).contains("alice");
    assertThat(bob.get(30, TimeUnit.SECONDS).body()).contains("bob");
    assertThat(get("/a?api_key=carol").body()).contains("carol");
  }

  @Test
  void send_cookiesOfACookieHandler_eachGetsTheirOwn() throws Exception {
    answersEach("/a", "Cache-Control", "max-age=60");
    CachingHttpClient alice = withCookie("alice");
    CachingHttpClient bob = withCookie("bob");
    for (int round = 0; round < 2; round++) {
      assertThat(ask(alice)).isEqualTo(answerFor("alice"));
      assertThat(ask(bob)).isEqualTo(answerFor("bob"));
      assertThat(ask(client)).isEqualTo(answerFor(NOBODY));
    }
    assertThat(origin.requests()).isEqualTo(3);
  }

  private CachingHttpClient withCookie(String user) {
    return CachingHttpClient.builder(cache)
        .delegate(HttpClient.newBuilder().cookieHandler(jarOf(user)))
        .build();
  }

  private CookieManager jarOf(String user) {
    CookieManager cookies = new CookieManager();
    HttpCookie cookie = new HttpCookie("sid", user);
    cookie.setPath("/");
    cookie.setVersion(0);
    cookies.getCookieStore().add(origin.uri("/"), cookie);
    return cookies;
  }

  private String ask(CachingHttpClient asking) throws Exception {
    clock.advance(Duration.ofMillis(2));
    return asking.send(request("/a"), BodyHandlers.ofString()).body();
  }

  @Test
  void send_authenticators_eachGetsTheirOwn() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          if (request.field("Authorization").isEmpty()) {
            Origin.reply(out, 401, "who?", "WWW-Authenticate", "Basic realm=\"r\"");
          } else {
            Origin.reply(
                out, 200, answerFor(user(request)), "Cache-Control", "max-age=60", "ETag", "\"v\"");
          }
        });
    CachingHttpClient alice = withPassword("alice");
    CachingHttpClient bob = withPassword("bob");
    for (int round = 0; round < 2; round++) {
      assertThat(ask(alice)).isEqualTo(answerFor("alice"));
      assertThat(ask(bob)).isEqualTo(answerFor("bob"));
      assertThat(ask(client)).isEqualTo("who?");
    }
    assertThat(cache.count()).isZero();
  }

  private CachingHttpClient withPassword(String user) {
    return CachingHttpClient.builder(cache)
        .delegate(
            HttpClient.newBuilder()
                .authenticator(
                    new Authenticator() {
                      @Override
                      protected PasswordAuthentication getPasswordAuthentication() {
                        return new PasswordAuthentication(user, "pw".toCharArray());
                      }
                    }))
        .build();
  }

  @Test
  void send_readyMadeClientWithCookies_onlyWhatIsForAllIsStored() throws Exception {
    answersEach("/a", "Cache-Control", "max-age=60");
    CachingHttpClient alice =
        CachingHttpClient.builder(cache)
            .delegate(HttpClient.newBuilder().cookieHandler(jarOf("alice")).build())
            .build();
    ask(client);
    assertThat(ask(alice)).as("not the anonymous one").contains("alice");
    assertThat(ask(client)).isEqualTo(answerFor(NOBODY));
    assertThat(cache.count()).isEqualTo(1);
  }

  @Test
  void send_principal_ownAlsoWithANewToken() throws Exception {
    settings(
        CacheSettings.builder()
            .principal(
                request ->
                    request
                        .headers()
                        .first("Authorization")
                        .map(token -> token.replaceAll("Bearer |-\\d+", ""))));
    answersEach("/a", "Cache-Control", "max-age=60");
    getAs("/a", "Authorization", "alice-1");
    getAs("/a", "Authorization", "bob-1");
    assertThat(getAs("/a", "Authorization", "alice-2").body()).isEqualTo(answerFor("alice-1"));
    assertThat(getAs("/a", "Authorization", "bob-2").body()).isEqualTo(answerFor("bob-1"));
    assertThat(getAs("/a", "Authorization", NOBODY).body()).isEqualTo(answerFor(NOBODY));
    assertThat(origin.requests()).isEqualTo(3);
  }

  @Test
  void send_anotherKeySecret_findsNothing() throws Exception {
    settings(CacheSettings.builder().keySecret(new byte[32]));
    answersEach("/a", "Cache-Control", "max-age=60");
    getAs("/a", "Authorization", "alice");
    assertThat(isHit(getAs("/a", "Authorization", "alice"))).isTrue();
    byte[] other = new byte[32];
    other[0] = 1;
    CachingHttpClient elsewhere =
        CachingHttpClient.builder(sibling(CacheSettings.builder().keySecret(other))).build();
    clock.advance(Duration.ofMillis(2));
    assertThat(
            isHit(
                elsewhere.send(
                    request("/a", credential("Authorization", "alice")), BodyHandlers.ofString())))
        .isFalse();
  }

  /** Another cache over what is stored, as another process has it. */
  private HttpCache sibling(CacheSettings.Builder settings) {
    return new TestCache(cache.storage(), settings.build(), clock);
  }
}
