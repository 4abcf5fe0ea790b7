/**
 * The {@code larder} command: one class per command, and what they share. Nothing here is meant for
 * use by other code; {@link dev.larder.cli.Main} is the way in.
 */
package dev.larder.cli;
