// SPDX-License-Identifier: GPL-3.0-only
//! Every obligation, where it stands in the protocol, and the check of it. In this order they are checked and told;
//! renewal is last, since a platform may end the earlier certificate with it.

use super::bench::Bench;
use super::{Seen, alarms, blobs, events, feed, identity, keys, lanes, media, sizes};
use std::future::Future;
use std::pin::Pin;

/// What a platform owes.
pub struct Obligation {
    pub name: &'static str,
    /// The section of protocol.md.
    pub section: &'static str,
    /// In one sentence.
    pub requires: &'static str,
    pub(crate) check: Look,
}

/// Looks whether it holds.
pub(crate) type Look = for<'a> fn(&'a Bench) -> Pin<Box<dyn Future<Output = Seen> + Send + 'a>>;

const fn owes(name: &'static str, section: &'static str, requires: &'static str, check: Look) -> Obligation {
    Obligation { name, section, requires, check }
}

/// All of them.
pub const OBLIGATIONS: [Obligation; 61] = [
    owes(
        "enrolment",
        "Identity",
        "A one-time code gives a certificate for the device's key of at most 180 days, roots and the content key.",
        |bench| Box::pin(std::future::ready(bench.enrolment.clone())),
    ),
    owes("enrolment_wrong", "Identity", "A code that was never given is refused.", |bench| {
        Box::pin(std::future::ready(bench.wrong_code.clone()))
    }),
    owes("enrolment_once", "Identity", "A code enrols once; a second request with it is refused.", |bench| {
        Box::pin(std::future::ready(bench.code_twice.clone()))
    }),
    owes(
        "enrolment_key",
        "Identity",
        "A signing request made with another key than the device's is refused.",
        |bench| Box::pin(std::future::ready(bench.other_key.clone())),
    ),
    owes(
        "certificate_needed",
        "Identity",
        "Without a client certificate there is enrolment and nothing else.",
        |bench| Box::pin(identity::certificate_needed(bench)),
    ),
    owes(
        "certificate_foreign",
        "Identity",
        "A client certificate of another authority is refused, whatever it says.",
        |bench| Box::pin(identity::certificate_foreign(bench)),
    ),
    owes("isolation_events", "Identity", "A terminal can write nothing as another.", |bench| {
        Box::pin(lanes::isolation_events(bench))
    }),
    owes("isolation_feed", "Identity", "A terminal can read nothing of another.", |bench| {
        Box::pin(feed::isolation(bench))
    }),
    owes("revoked", "Identity", "A revoked terminal is answered 403 on everything.", |bench| {
        Box::pin(identity::revoked(bench))
    }),
    owes("http2", "Version 1", "HTTP/2 is spoken.", |bench| Box::pin(identity::http2(bench))),
    owes(
        "version",
        "Upward",
        "A request with another version than 1 in Kiosk-Protocol, or none, is answered 426.",
        |bench| Box::pin(identity::version(bench)),
    ),
    owes("no_redirect", "Upward", "No answer is a redirect.", |bench| Box::pin(identity::no_redirect(bench))),
    owes(
        "reply_signed",
        "Upward",
        "The reply to a batch is signed by the content key for the purpose \"reply\".",
        |bench| Box::pin(events::reply_signed(bench)),
    ),
    owes("reply_names_batch", "Upward", "The reply names the batch, its device and its lane.", |bench| {
        Box::pin(events::reply_names_batch(bench))
    }),
    owes("verdicts", "Upward", "Each event has one verdict, for its id, number and hash.", |bench| {
        Box::pin(events::verdicts(bench))
    }),
    owes("accepted", "Upward", "An event that is right and of a known kind is accepted.", |bench| {
        Box::pin(events::accepted(bench))
    }),
    owes("heads", "Upward", "acked_seq and head in a reply are those of its lane.", |bench| {
        Box::pin(lanes::heads(bench))
    }),
    owes(
        "duplicate",
        "Upward",
        "The same batch again gives the first verdicts again, duplicate for accepted, and moves nothing.",
        |bench| Box::pin(events::duplicate(bench)),
    ),
    owes(
        "gap",
        "Upward",
        "An event behind a gap is answered retry, and taken when the gap is filled.",
        |bench| Box::pin(lanes::gap(bench)),
    ),
    owes("retry_stays", "Upward", "retry does not advance its lane.", |bench| {
        Box::pin(lanes::retry_stays(bench))
    }),
    owes("fork_seq", "Upward", "Another event at a number that is taken is a fork.", |bench| {
        Box::pin(events::fork_seq(bench))
    }),
    owes("fork_id", "Upward", "Another event with an id that is taken is a fork.", |bench| {
        Box::pin(events::fork_id(bench))
    }),
    owes(
        "fork_stops",
        "Upward",
        "A forked lane takes nothing more, and the next epoch begins anew.",
        |bench| Box::pin(events::fork_stops(bench)),
    ),
    owes("chain", "Upward", "An event whose prev is not the head is not accepted.", |bench| {
        Box::pin(events::chain(bench))
    }),
    owes(
        "signature",
        "Upward",
        "An event that the device's key did not sign is parked, rejected, a fork or 422, never accepted.",
        |bench| Box::pin(events::signature(bench)),
    ),
    owes("unknown_kind", "Upward", "An event of an unknown kind is parked, and its lane goes on.", |bench| {
        Box::pin(events::unknown_kind(bench))
    }),
    owes(
        "unreadable_body",
        "Upward",
        "A body that cannot be read is parked or rejected, or answered 422, and its lane goes on.",
        |bench| Box::pin(events::unreadable_body(bench)),
    ),
    owes(
        "withheld",
        "Upward",
        "An event whose body is withheld keeps its place, and its lane goes on.",
        |bench| Box::pin(events::withheld(bench)),
    ),
    owes("lanes_apart", "Upward", "A gap in one lane does not stop another.", |bench| {
        Box::pin(lanes::lanes_apart(bench))
    }),
    owes(
        "alarm_goes_on",
        "Upward",
        "The lane of alarms never stops, not even at a contradiction.",
        |bench| Box::pin(lanes::alarm_goes_on(bench)),
    ),
    owes("flow", "Upward", "Flow limits are within those of the protocol.", |bench| {
        Box::pin(events::flow(bench))
    }),
    owes(
        "too_many",
        "Upward",
        "More than 100 events are answered 413 and none is taken; 100 are taken.",
        |bench| Box::pin(sizes::too_many(bench)),
    ),
    owes("too_large", "Upward", "Far more than 256 KiB are answered 413; half of it is taken.", |bench| {
        Box::pin(sizes::too_large(bench))
    }),
    owes("hostile_size", "Upward", "A body of 4 MiB is refused, and the next request is served.", |bench| {
        Box::pin(sizes::hostile_size(bench))
    }),
    owes(
        "hostile_text",
        "Upward",
        "A request that is no batch is refused, and the next one is served.",
        |bench| Box::pin(sizes::hostile_text(bench)),
    ),
    owes(
        "alarms_signed",
        "Upward",
        "Who answered an alarm is signed by the content key for the purpose \"alarms\" and names the device.",
        |bench| Box::pin(alarms::signed(bench)),
    ),
    owes(
        "alarms_wait",
        "Upward",
        "Without news of alarms an answer is held back as long as was asked, and no longer.",
        |bench| Box::pin(alarms::waits(bench)),
    ),
    owes("alarms_news", "Upward", "A held answer comes as soon as an alarm has a further step.", |bench| {
        Box::pin(alarms::news(bench))
    }),
    owes("alarms_own", "Upward", "A terminal is told of its own alarms and of no other's.", |bench| {
        Box::pin(alarms::own(bench))
    }),
    owes("blob_named", "Upward", "An upload begins only for a blob that a taken event names.", |bench| {
        Box::pin(blobs::named(bench))
    }),
    owes(
        "blob_offset",
        "Upward",
        "HEAD tells the offset a part goes on from; a part from another is answered 409 and moves nothing.",
        |bench| Box::pin(blobs::offset(bench)),
    ),
    owes(
        "blob_hash",
        "Upward",
        "A blob that came with another hash is answered 460, and its upload begins anew.",
        |bench| Box::pin(blobs::hash(bench)),
    ),
    owes(
        "blob_signed",
        "Upward",
        "The word on a blob is signed by the content key for the purpose \"blob\" and names device, hash and length.",
        |bench| Box::pin(blobs::signed(bench)),
    ),
    owes("blob_whole", "Upward", "A blob is called whole only when all of it came.", |bench| {
        Box::pin(blobs::whole(bench))
    }),
    owes("blob_isolation", "Upward", "A terminal can do nothing with a blob of another.", |bench| {
        Box::pin(blobs::isolation(bench))
    }),
    owes(
        "feed_signed",
        "Downward",
        "Each page is signed by the content key for the purpose \"feed\" and names the device.",
        |bench| Box::pin(feed::signed(bench)),
    ),
    owes(
        "feed_cursors",
        "Downward",
        "A page begins where it was asked to and ends with its last item; cursors only rise.",
        |bench| Box::pin(feed::cursors(bench)),
    ),
    owes(
        "feed_chain",
        "Downward",
        "A page names the digest of the page before, the first one zero.",
        |bench| Box::pin(feed::chain(bench)),
    ),
    owes(
        "feed_again",
        "Downward",
        "The same cursor gives the same items, and the next page follows the last copy.",
        |bench| Box::pin(feed::again(bench)),
    ),
    owes("feed_revisions", "Downward", "The rev of a thing only rises.", |bench| {
        Box::pin(feed::revisions(bench))
    }),
    owes(
        "feed_waits",
        "Downward",
        "A page without news is held back as long as was asked, and comes empty in place.",
        |bench| Box::pin(feed::waits(bench)),
    ),
    owes(
        "feed_absurd",
        "Downward",
        "A cursor that was never given is answered 410, or by an empty page in place.",
        |bench| Box::pin(feed::absurd_cursor(bench)),
    ),
    owes(
        "content_keys",
        "Downward",
        "The key pinned at enrolment leads to the one that signs and to the newest, each by the word of the one before.",
        |bench| Box::pin(keys::content_keys(bench)),
    ),
    owes(
        "feed_heads",
        "Downward",
        "A page asked for without waiting tells how far each lane is held.",
        |bench| Box::pin(feed::heads(bench)),
    ),
    owes(
        "media_ranges",
        "Downward",
        "A file the feed names comes in parts, 206 with Content-Range, that together have its hash.",
        |bench| Box::pin(media::ranges(bench)),
    ),
    owes("media_beyond", "Downward", "A range behind the end of a file is answered 416.", |bench| {
        Box::pin(media::beyond(bench))
    }),
    owes("media_range_needed", "Downward", "A file is not given without a range.", |bench| {
        Box::pin(media::range_needed(bench))
    }),
    owes(
        "media_named",
        "Downward",
        "A file that the terminal's own feed does not name is refused.",
        |bench| Box::pin(media::named(bench)),
    ),
    owes("server_time", "Time", "server_ms is right to five minutes and does not go back.", |bench| {
        Box::pin(events::server_time(bench))
    }),
    owes("renewal_key", "Identity", "A certificate is not renewed for another key.", |bench| {
        Box::pin(identity::renewal_other_key(bench))
    }),
    owes(
        "renewal",
        "Identity",
        "A certificate is renewed for the same key and place, in a reply signed for the purpose \"renew\".",
        |bench| Box::pin(identity::renewal(bench)),
    ),
];
