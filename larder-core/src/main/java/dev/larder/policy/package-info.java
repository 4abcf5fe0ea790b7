/**
 * The rules of RFC 9111 as pure functions of values and points in time: no I/O, no clock. Imports
 * {@code dev.larder.http} only.
 */
package dev.larder.policy;
