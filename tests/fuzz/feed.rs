// SPDX-License-Identifier: GPL-3.0-only
//! A page of the feed as the terminal reads it: its signature, its digest in the chain, each item in it.

use crate::bytes::{changed, changes};
use crate::{cases, corpus, key};
use contract::{FeedPage, Signed, Update};
use proptest::prelude::*;

/// Understands what it can, as the terminal does; the rest is set aside.
fn understand(bytes: &[u8]) -> Option<usize> {
    let page = serde_json::from_slice::<FeedPage>(bytes).ok()?;
    let understood = page.items.iter().filter_map(|item| Update::decode(item).ok());
    Some(
        understood
            .inspect(|update| {
                // What is understood holds no text that could harm a screen: `Text` cleans while it reads.
                if let Update::Member(member) = update {
                    assert!(!member.name.as_str().chars().any(char::is_control));
                }
            })
            .count(),
    )
}

#[test]
fn the_corpus_holds_items_that_are_understood_and_others() {
    let understood: Vec<Option<usize>> = corpus("feed").iter().map(|bytes| understand(bytes)).collect();
    assert!(understood.iter().any(|count| count.is_some_and(|count| count > 0)), "{understood:?}");
    assert!(understood.contains(&Some(0)), "{understood:?}");
}

#[test]
fn a_mutated_page_is_read_or_refused() {
    let seeds = corpus("feed");
    proptest!(ProptestConfig::with_cases(cases(4_000, 200_000)), |(seed in any::<prop::sample::Index>(), changes in changes())| {
        understand(&changed(&seeds[seed.index(seeds.len())], &changes));
    });
}

#[test]
fn a_mutated_signed_page_is_the_same_link_of_the_chain_or_none() {
    let key = key();
    let seeds = corpus("feed");
    let page = seeds.iter().find_map(|bytes| serde_json::from_slice::<FeedPage>(bytes).ok()).unwrap();
    let signed = Signed::seal("feed", &page, &key).unwrap();
    let whole = serde_json::to_vec(&signed).unwrap();
    proptest!(ProptestConfig::with_cases(cases(2_000, 200_000)), |(changes in changes())| {
        let heard = serde_json::from_slice::<Signed>(&changed(&whole, &changes)).ok();
        if let Some(heard) = heard
            && let Ok(opened) = heard.open::<FeedPage>("feed", &key.public())
        {
            prop_assert_eq!(&opened, &page);
            prop_assert_eq!(heard.digest(), signed.digest());
        }
    });
}
