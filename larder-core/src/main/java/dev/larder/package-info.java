/**
 * The cache itself: {@link dev.larder.HttpCache} with all its behaviour over any storage, its
 * settings, events and statistics, and {@link dev.larder.InMemoryCache}.
 */
package dev.larder;
