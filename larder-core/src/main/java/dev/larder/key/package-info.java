/** How a request becomes the key its response is found by. Imports {@code dev.larder.http} only. */
package dev.larder.key;
