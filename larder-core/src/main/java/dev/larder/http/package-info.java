/**
 * The values everything in Larder speaks in: requests, responses, entries, headers, bodies,
 * expirations, filters. Imports nothing of ours.
 */
package dev.larder.http;
