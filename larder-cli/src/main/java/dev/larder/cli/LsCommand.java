package dev.larder.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists entries. */
@Command(
    name = "ls",
    description = {
      "Lists the entries for which everything holds that is asked, all if nothing is.",
      "A line for each: status, length of the body, when it expires, method and URL. With --host,",
      "--prefix or --url it reads only what these ask for, if the table has the index."
    })
final class LsCommand implements Callable<Integer> {
  private static final JsonFactory JSON = new JsonFactory();

  private final Console console;

  @Mixin private CacheOptions options = new CacheOptions();

  @Mixin private FilterOptions which = new FilterOptions();

  @Option(names = "--json", description = "Write a JSON object for each entry, one a line.")
  private boolean json;

  LsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenCache opened = options.open(console)) {
      Meter meter = Meter.of(opened.cache());
      Instant now = opened.cache().clock().instant();
      long count = 0;
      try (Stream<CacheEntry> entries =
          opened.cache().filter(which.filter().orElse(EntryFilter.all()))) {
        for (CacheEntry entry : (Iterable<CacheEntry>) entries::iterator) {
          console.out().println(json ? json(entry, now) : line(entry, now));
          count++;
        }
      }
      console.err().println(count + (count == 1 ? " entry" : " entries"));
      console.err().println("cost  " + meter.cost());
      return 0;
    }
  }

  private static String line(CacheEntry entry, Instant now) {
    if (entry.isInvalid()) {
      return "invalid  " + entry.key() + "  " + entry.problem().orElse("");
    }
    EntryHead head = entry.head();
    String expires =
        head.expires()
            .map(time -> (entry.isExpired(now) ? "expired " : "expires ") + time)
            .orElse("never expires");
    return head.status()
        + "  "
        + head.length()
        + "  "
        + expires
        + "  "
        + head.method()
        + " "
        + head.url();
  }

  private static String json(CacheEntry entry, Instant now) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("key", entry.key());
      if (entry.isInvalid()) {
        out.writeStringField("problem", entry.problem().orElse(""));
      } else {
        write(out, entry, now);
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot happen: it is written to memory", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, CacheEntry entry, Instant now) throws IOException {
    EntryHead head = entry.head();
    out.writeStringField("method", head.method());
    out.writeStringField("url", head.url());
    out.writeNumberField("status", head.status());
    out.writeNumberField("length", head.length());
    out.writeNumberField("storedSize", entry.storedSize());
    out.writeStringField("created", head.created().toString());
    if (head.expires().isPresent()) {
      out.writeStringField("expires", head.expires().get().toString());
    }
    out.writeBooleanField("expired", entry.isExpired(now));
  }
}
