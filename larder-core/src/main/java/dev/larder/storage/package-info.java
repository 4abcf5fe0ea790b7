/**
 * The interface between a cache and the place where it keeps its entries, for those who write such
 * a place. It knows keys, versions and time to live, and nothing of HTTP's caching rules. Imports
 * {@code dev.larder.http} only.
 */
package dev.larder.storage;
