/**
 * A {@code java.net.http.HttpClient} with a cache in front. Imports {@code dev.larder} and what
 * that imports.
 */
package dev.larder.jdk;
