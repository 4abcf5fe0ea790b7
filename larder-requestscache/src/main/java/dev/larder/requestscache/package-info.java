/**
 * Cache keys as the Python library requests-cache 1.3.3 makes them, so that Java and Python can
 * share one table. Imports {@code dev.larder.http}, {@code dev.larder.key} and ICU.
 */
package dev.larder.requestscache;
