package dev.larder.cli;

import dev.larder.http.Expiration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an expiration. */
final class ExpirationConverter implements ITypeConverter<Expiration> {
  @Override
  public Expiration convert(String text) {
    try {
      return Expiration.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(Problems.describe(e));
    }
  }
}
