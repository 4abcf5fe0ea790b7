package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import java.util.List;

/**
 * A response that is to be stored.
 *
 * @param request the request that it answers
 * @param found what the look-up for that found
 * @param head its head, under the URL's key
 * @param chain the redirects that have led to the request
 */
record Publication(
    Request request,
    Found found,
    Selection selection,
    EntryHead head,
    Body body,
    List<Redirect> chain) {}
