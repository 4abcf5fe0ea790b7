/**
 * How values become bytes and back: serializers, and stages that transform the bytes, joined to
 * pipelines. Imports {@code dev.larder.http} only.
 */
package dev.larder.serial;
